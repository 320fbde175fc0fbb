"""Metrics of money, one file each."""
