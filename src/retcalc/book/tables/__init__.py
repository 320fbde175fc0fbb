"""The tables beside the MRR rows: customers, costs, exchange rates, exported roll-forwards."""
