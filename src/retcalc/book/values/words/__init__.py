"""Words of statuses, flags and kinds of movements, in the languages that exports come in."""
