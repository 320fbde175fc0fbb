"""Metrics of how long accounts stay."""
