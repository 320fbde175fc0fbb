"""Facts that need the MRR of single accounts: their bridges, sizes, churn events, resamples."""
