"""MRR of the months to come: methods, their errors at past month-ends, and intervals."""
