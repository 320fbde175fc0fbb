"""Answers about what an account is worth: lifetime value, CAC, what-if."""
