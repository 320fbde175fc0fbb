"""Reading Parquet files, trusted or not."""
