"""A strict YAML loader: line and column for every value, no silent conversions."""
