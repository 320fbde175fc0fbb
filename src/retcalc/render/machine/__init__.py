"""Formats for programs: JSON, CSV, Parquet."""
