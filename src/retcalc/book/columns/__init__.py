"""Which column holds what, recognised from the header."""
