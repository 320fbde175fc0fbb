"""What is done with results: assertions, closes, explanations, comparisons.

May import everything but ``cli``; never changes a number.
"""
