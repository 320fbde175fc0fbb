"""Answers to the questions of ``panel_facts`` from rows sorted by account and month."""
