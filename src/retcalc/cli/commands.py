"""Which modules to load for a command line: only the command's own, or all for the help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import typer.main

from retcalc.cli.app import MODULES, app


def load(arguments: Sequence[str] = ()) -> typer.Typer:
    """Load what a command line needs, everything where that is not plain, and give the app."""
    word = arguments[0] if arguments else ""
    if word == "--version":
        return app
    for module in [MODULES[word]] if word in MODULES else dict.fromkeys(MODULES.values()):
        import_module(f"retcalc.cli.{module}")
    return app


def leaves() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its path, built; those of a group follow its name."""
    yield from _leaves(typer.main.get_command(load()), ())


def _leaves(group: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, (*path, name))
        else:
            yield (*path, name), command
