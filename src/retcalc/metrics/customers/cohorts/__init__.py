"""Metrics of the accounts that began together, by their age."""
