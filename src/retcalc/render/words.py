r"""Words for people: names made safe to show, and the sentences around a table.

Ids, names, headers and file names may hold terminal escapes, characters that reorder or hide
text, or bytes that no encoding can write. Each is shown as its escape (``\x1b``, ``\u202e``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from retcalc import __version__
from retcalc.core.findings import Finding
from retcalc.core.result import Block, Column, Currency, Result, Row, Source
from retcalc.render.numbers import decimal, screen_value

_SHOWN_SOURCES = 3
_ACRONYMS = frozenset({"mrr", "arr", "nrr", "grr", "clv", "cac", "arpa", "nps", "fx", "ttfv"})
# Controls, line separators, direction marks, zero-width, unpaired surrogate and noncharacters.
_UNSEEN = (
    "\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSEEN = re.compile(f"[{_UNSEEN}]")
# A CI runner takes a line that starts with "::", or holds "##[", for a command of its own.
_COMMAND = re.compile(r"\A\s*::|##\[")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def escape_code(char: str) -> str:
    r"""Write one character as its escape: ESC gives ``\x1b``."""
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def safe_text(text: str) -> str:
    """Show every control, direction, zero-width and surrogate character as its escape."""
    seen = UNSEEN.sub(lambda match: escape_code(match[0]), text)
    return _COMMAND.sub(lambda match: match[0][:-1] + escape_code(match[0][-1]), seen)


def cohort_name(row: Row) -> str:
    """The month that a cohort began in, or how many months before an undated snapshot."""
    if row.values["cohort"] is None:
        return f"{screen_value(row.values.get('months_before'), 'count', Currency())} before"
    return screen_value(row.values["cohort"], "month", Currency())


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


def figure(row: Row, column: Column, currency: Currency) -> str:
    """A figure as people read it; "≥ 11,564.00" where it is a lower bound."""
    text = screen_value(row.values.get(column.name), column.unit, currency)
    return f"≥ {text}" if column.name in row.at_least else text


def still_there(row: Row) -> str:
    """Why a figure is a lower bound: "35.0% still there at 23 months"."""
    alive, month = row.values.get("alive_at_horizon"), row.values.get("horizon_months")
    text = screen_value(month, "count", Currency())
    return f"{screen_value(alive, 'rate', Currency())} still there at {text} months"


def _bounds(result: Result) -> Iterator[str]:
    blocks = [part.rows for part in result.extra.values() if isinstance(part, Block)]
    cut = {
        still_there(row): None
        for rows in (result.rows, *blocks)
        for row in rows
        if row.at_least and "alive_at_horizon" in row.values
    }
    if len(cut) == 1:
        yield f"≥ at least, as lives run on: {next(iter(cut))}"
    elif cut:
        yield "≥ at least, as lives run on: Alive then is the share still there at Up to month"


def footnotes(result: Result) -> Iterator[str]:
    """Explain the marks in a table: small groups, and why a value is not available."""
    if any(row.small for row in result.rows):
        least = result.definition.get("min_group")
        size = "small group" if least is None else f"fewer than {least} accounts"
        yield f"* {size}: one account moves its rates a lot"
    average = result.extra.get("average")
    if isinstance(average, Block) and any(row.small for row in average.rows):
        cohorts, least = (result.definition.get(f"min_{of}") for of in ("cohorts", "group"))
        yield f"* average of fewer than {cohorts} cohorts or {least} accounts: pale, read with care"
    yield from _bounds(result)
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
        parts.append(f"total {decimal(source.total_mrr, result.currency.digits)}")
    parts.append(f"sha256 {safe_text(source.sha256 if verbose else source.sha256[:12])}")
    return f"from {safe_text(source.path)}: {', '.join(parts)}"
