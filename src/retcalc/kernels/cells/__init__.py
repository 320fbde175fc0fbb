"""The facts of a panel held densely, one cell for each account and month."""
