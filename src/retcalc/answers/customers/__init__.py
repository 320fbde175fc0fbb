"""Answers about accounts: cohorts, tenure, survival."""
