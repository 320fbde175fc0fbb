"""Importing this registers every command, in the order the help lists them."""

from retcalc.cli.app import app  # isort: skip
from retcalc.cli import revenue  # isort: skip
from retcalc.cli import customers, cohort, survival, value, trust, gates, close, report, setup  # isort: skip

__all__ = [
    "app",
    "app_commands",
    "close",
    "cohort",
    "customers",
    "gates",
    "report",
    "revenue",
    "setup",
    "survival",
    "trust",
    "value",
]


def app_commands() -> frozenset[str]:
    """Names of all commands."""
    named = {c.name for c in app.registered_commands} | {g.name for g in app.registered_groups}
    return frozenset(name for name in named if name)
