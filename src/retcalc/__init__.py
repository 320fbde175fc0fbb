"""retcalc: exact retention metrics from CSV and Parquet exports."""

__version__ = "1.0.0"
