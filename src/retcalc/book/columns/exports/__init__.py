"""Exports of other programs: those whose columns are known, and those that are no subscriptions."""
