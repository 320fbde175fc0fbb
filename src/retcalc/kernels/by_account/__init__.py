"""Facts of single accounts: the bridge of each, and the days on which each left."""
