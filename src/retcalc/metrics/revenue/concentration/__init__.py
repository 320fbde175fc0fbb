"""Metrics of how MRR is spread over accounts, one file each."""
