"""What buys speed and means nothing: one packed sort, and work side by side."""
