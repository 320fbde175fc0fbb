"""Errors and notes as people read them on standard error, and every bad row as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TextIO

from retcalc.core.findings import Finding, Spot
from retcalc.render.machine.as_csv import Text, csv_text
from retcalc.render.words import safe_text

SHOWN_ERRORS = 20
SHOWN_PLACES = 3
_SHOWN_CHARS = 300  # at each end of a long clause
_MORE = "all of them: --errors-out errors.csv"
_HEADER = ("file", "line", "column", "header", "value", "code", "message")


def render_findings(findings: Sequence[Finding], stream: TextIO) -> None:
    """Print findings on a stream; what its encoding lacks is escaped, a lost stream is ignored."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    ellipsis = " …" if encoding.lower().startswith("utf") else " ..."
    text = findings_text(findings, ellipsis)
    with suppress(OSError, ValueError):
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()


def findings_text(findings: Sequence[Finding], ellipsis: str = " …") -> str:
    """Write findings as blocks of lines, errors up to ``SHOWN_ERRORS`` and then their count."""
    lines: list[str] = []
    errors = 0
    for finding in findings:
        errors += finding.is_error
        if not finding.is_error or errors <= SHOWN_ERRORS:
            lines += _block(finding, ellipsis)
    hidden = errors - SHOWN_ERRORS
    if hidden > 0:
        lines.append(f"retcalc: {hidden:,} more error{'' if hidden == 1 else 's'}; {_MORE}")
    return "".join(line + "\n" for line in lines)


def errors_csv(findings: Sequence[Finding], *, raw: bool = False) -> str:
    """Write one CSV row for every place of every finding; a finding without a place has one too.

    Cells that a spreadsheet would run as a formula get an apostrophe, unless ``raw``.
    """
    return csv_text([map(Text, _HEADER), *_places(findings)], raw=raw)


def _block(finding: Finding, ellipsis: str) -> Iterator[str]:
    kind = "error" if finding.is_error else "note"
    yield f"retcalc: {kind} {finding.code}: {safe_text(_cut(finding.message, ellipsis))}"
    if place := _place(finding):
        yield f"  file   {place}"
    value = finding.value
    if value is None and finding.spots and finding.spots[0].value is not None:
        value = f'"{finding.spots[0].value}"'
    if value is not None:
        yield f"  value  {safe_text(_cut(value, ellipsis))}"
    if fix := finding.fix or (finding.kind.remedy if finding.is_error else ""):
        yield f"  fix    {safe_text(_cut(fix, ellipsis))}"
    if also := _also(finding.spots, ellipsis):
        yield f"  also   {also}" + (f"; {_MORE}" if finding.is_error else "")


def _cut(text: str, ellipsis: str) -> str:
    """Leave out the middle of a text that would fill the screen; its ends say what it is."""
    if len(text) <= 2 * _SHOWN_CHARS:
        return text
    return f"{text[:_SHOWN_CHARS]}{ellipsis} {text[-_SHOWN_CHARS:]}"


def _place(finding: Finding) -> str:
    parts = []
    if finding.spots:
        first = finding.spots[0]
        parts.append(safe_text(first.file))
        if first.line is not None:
            parts.append(f"line {first.line}")
    header = "" if finding.header is None else f'"{safe_text(finding.header)}"'
    if finding.column is not None or header:
        number = "" if finding.column is None else str(finding.column)
        parts.append(" ".join(filter(None, ("column", number, header))))
    return ", ".join(parts)


def _also(spots: tuple[Spot, ...], ellipsis: str) -> str:
    """Count the places after the first and name the next few."""
    more = spots[1:]
    if not more:
        return ""
    shown = more[:SHOWN_PLACES]
    end = ellipsis if len(more) > SHOWN_PLACES else ""
    plural = "" if len(more) == 1 else "s"
    one_file = all(spot.file == spots[0].file for spot in shown)
    if one_file and all(spot.line is not None for spot in shown):
        named = f"line{plural} " + ", ".join(str(spot.line) for spot in shown)
    else:
        named = ", ".join(_named(spot) for spot in shown)
    thing = "file" if all(spot.line is None for spot in more) else "row"
    return f"{len(more):,} more {thing}{plural} ({named}{end})"


def _named(spot: Spot) -> str:
    return safe_text(spot.file) + ("" if spot.line is None else f" line {spot.line}")


def _places(findings: Sequence[Finding]) -> Iterator[list[str | int | None]]:
    for finding in findings:
        header = None if finding.header is None else Text(finding.header)
        for spot in finding.spots or (None,):
            value = spot.value if spot else None
            yield [
                Text(spot.file) if spot else None,
                spot.line if spot else None,
                finding.column,
                header,
                None if value is None else Text(value),
                finding.code,
                Text(finding.message),
            ]
