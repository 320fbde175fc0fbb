"""Metrics of money an account, one file each."""
