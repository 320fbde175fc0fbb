"""The YAML config: its model, its strict loader with line and column, definition profiles.

May import the leaf modules only. Knows what may be asked for, computes nothing.
"""
