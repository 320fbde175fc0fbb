"""Rates of what came up for renewal."""
