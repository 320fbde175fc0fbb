"""From rows of any shape to one ledger of accounts, months and amounts."""
