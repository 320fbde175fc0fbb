"""Answers about contracts: renewals, why accounts left, and who came back."""
