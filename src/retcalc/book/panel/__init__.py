"""From the ledger to a panel: one amount for each account and month, with segments."""
