"""The sentences around a table, the same for terminal and Markdown; every name made safe."""

from __future__ import annotations

from collections.abc import Iterator

from retcalc import __version__
from retcalc.core.findings import Finding
from retcalc.core.result import Result, Source
from retcalc.render.numbers import money_on_screen
from retcalc.render.safe import safe_text

_SHOWN_SOURCES = 3
_ACRONYMS = frozenset({"mrr", "arr", "nrr", "grr", "clv", "cac", "arpa", "nps", "fx", "ttfv"})


def spoken(code: str) -> str:
    """Turn a code into words: ``no_opening_mrr`` gives "no opening MRR"."""
    words = safe_text(code).split("_")
    return " ".join(word.upper() if word in _ACRONYMS else word for word in words)


def scope(result: Result) -> list[str]:
    """Say over which months and in which currency: "2025-10 to 2026-10 (12 months)", "USD"."""
    parts = []
    if result.window:
        months = result.window.months
        parts.append(f"{result.window} ({months} month{'' if months == 1 else 's'})")
    if result.currency.code:
        parts.append(safe_text(result.currency.code))
    return parts


def definition(result: Result, *, formula: bool = True) -> list[str]:
    """Say how it is defined, formula first; switches that are off are not named."""
    rules = dict(result.definition)
    parts = [safe_text(str(rules.pop("formula", None) or ""))]
    for name, value in rules.items():
        if value is True:
            parts.append(spoken(name))
        elif value is not None and value is not False:
            parts.append(f"{spoken(name)} {safe_text(str(value))}")
    return [part for part in parts[0 if formula else 1 :] if part]


def footnotes(result: Result) -> Iterator[str]:
    """Explain the marks in a table: small groups, and why a value is not available."""
    if any(row.small for row in result.rows):
        least = result.definition.get("min_group")
        size = "small group" if least is None else f"fewer than {least} accounts"
        yield f"* {size}: one account moves its rates a lot"
    labels = {column.name: column.label for column in result.columns if column.screen}
    rows_of: dict[str, int] = {}
    names_of: dict[str, dict[str, None]] = {}
    for row in result.rows:
        reasons = {name: reason for name, reason in row.reasons.items() if name in labels}
        for name, reason in reasons.items():
            names_of.setdefault(reason, {})[safe_text(labels[name])] = None
        for reason in set(reasons.values()):
            rows_of[reason] = rows_of.get(reason, 0) + 1
    for reason, names in names_of.items():
        rows = rows_of[reason]
        where = f" (in {rows} rows)" if rows > 1 else ""
        yield f"n/a {', '.join(names)}: {spoken(reason)}{where}"


def note_line(note: Finding) -> str:
    """Write a note in one line, with its first place and the number of places."""
    line = f"note {note.code}: {safe_text(note.message)}"
    if not note.spots:
        return line
    first, more = note.spots[0], len(note.spots) - 1
    place = safe_text(first.file) + ("" if first.line is None else f", line {first.line}")
    return f"{line} ({place}{f', and {more:,} more' if more else ''})"


def source_lines(result: Result, *, verbose: bool = False) -> Iterator[str]:
    """Name the files the figures come from, the first few one by one; all when ``verbose``."""
    shown = result.sources if verbose else result.sources[:_SHOWN_SOURCES]
    for source in shown:
        yield _source(source, result, verbose=verbose)
    more = len(result.sources) - len(shown)
    if more:
        yield f"from {more:,} more file{'' if more == 1 else 's'}"
    if verbose and result.config_sha256:
        yield f"config sha256 {safe_text(result.config_sha256)}"
    if verbose:
        yield f"retcalc {__version__}"


def _source(source: Source, result: Result, *, verbose: bool) -> str:
    parts = [f"{source.rows:,} row{'' if source.rows == 1 else 's'}"]
    if source.total_mrr is not None:
        parts.append(f"total {money_on_screen(source.total_mrr, result.currency)}")
    parts.append(f"sha256 {safe_text(source.sha256 if verbose else source.sha256[:12])}")
    return f"from {safe_text(source.path)}: {', '.join(parts)}"
