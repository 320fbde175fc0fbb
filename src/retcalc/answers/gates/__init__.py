"""Answers that can fail a run: checks against rules, and closes that stay closed."""
