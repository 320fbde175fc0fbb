"""The facts of a panel held as rows sorted by account and month."""
