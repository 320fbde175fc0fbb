"""Answers to the questions of ``panel_facts`` from a dense panel, a cell per account and month."""
