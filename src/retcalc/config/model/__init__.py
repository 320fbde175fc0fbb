"""The model of the config: every key, its type and its default."""
