"""Answers about other answers: validation, comparison of definitions, explanation."""
