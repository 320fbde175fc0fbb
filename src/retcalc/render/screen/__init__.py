"""Formats for people: terminal tables, Markdown, errors."""
