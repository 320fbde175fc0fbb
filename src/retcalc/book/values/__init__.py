"""From the text of one cell to a value: money, days, ids, billing intervals."""
