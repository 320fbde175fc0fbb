"""How this room words what it finds: one helper to refuse, one to list the lines of a file."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from retcalc.core.findings import Finding, RetcalcError, Spot

# Enough to repair a file by, few enough to keep in memory when every row of millions is bad.
MOST_SPOTS = 10_000
SHOWN_CHARS = 80


def refuse(
    code: str,
    message: str,
    file: str,
    *,
    line: int | None = None,
    value: str | None = None,
    fix: str | None = None,
) -> RetcalcError:
    """Make the error that stops the run because of one place in one file."""
    return RetcalcError(Finding(code, message, (Spot(file, line),), value=value, fix=fix))


def note(code: str, message: str, file: str, line: int | None = None) -> Finding:
    """Make a note about one place in one file."""
    return Finding(code, message, (Spot(file, line),))


def spots(file: str, lines: Iterable[int]) -> tuple[Spot, ...]:
    """Make one spot a line."""
    return tuple(Spot(file, line) for line in lines)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: ``1 row``, ``1,204 rows``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def count_that(number: int, noun: str, one: str, many: str) -> str:
    """A count with its verb: ``1 account misses``, ``2 accounts miss``."""
    return f"{counted(number, noun)} {one if number == 1 else many}"


def listed(number: int, one: str) -> str:
    """Write the count of places in a list that ends at MOST_SPOTS."""
    return counted(number, one) + (" and more" if number >= MOST_SPOTS else "")


def shown(text: str) -> str:
    """Cut a text for a message."""
    return text if len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS] + "…"


def quoted(text: str) -> str:
    """A name as one word of a command line, so that a fix can be pasted."""
    return shlex.quote(text) if re.search(r'["$`\\!]', text) else f'"{text}"'
