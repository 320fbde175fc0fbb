"""Metrics of accounts, one file each."""
