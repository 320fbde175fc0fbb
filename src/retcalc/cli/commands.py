"""Importing this registers every command, in the order the help lists them."""

from retcalc.cli.app import app  # isort: skip
from retcalc.cli import revenue  # isort: skip
from retcalc.cli import customers, trust, setup  # isort: skip

__all__ = ["app", "customers", "revenue", "setup", "trust"]
