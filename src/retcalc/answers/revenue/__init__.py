"""Answers about money: the roll-forward and its rates, trailing rates, concentration."""
