"""Typer commands, thin: options in, one call to the pipeline, one to a renderer, an exit status.

Heavy imports stay inside functions, so that help and completion start at once.
"""
