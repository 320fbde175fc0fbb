"""How long an account stays: what was seen, and models of what was not."""
