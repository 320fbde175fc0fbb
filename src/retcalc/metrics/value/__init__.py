"""Metrics of the worth of an account, one file each."""
