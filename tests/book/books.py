"""Builds the book of a small file and shows it as plain Python values."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from retcalc.answers.base.sources import open_sources
from retcalc.book import Book
from retcalc.cli.options import Options
from retcalc.cli.request import make_request

Mrr = dict[str, dict[str, Fraction]]


def write(folder: Path, text: str, name: str = "data.csv") -> str:
    """Write a file without the indentation of the test; gives its path."""
    lines = [line.strip() for line in text.strip().splitlines()]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def book(folder: Path, text: str, config: str = "", **options: object) -> Book:
    """The book of one file; ``config`` is the text of a retcalc.yaml beside it."""
    if config:
        write(folder, config, "retcalc.yaml")
    path = write(folder, text)
    given = Options(data=[path], **options)  # type: ignore[arg-type]
    return book_of(given)


def book_of(options: Options) -> Book:
    """The book that a command with these options starts from."""
    request = make_request(options)
    return open_sources(request.sources, request.question.columns).book(request.question)


def mrr_of(made: Book) -> Mrr:
    """MRR by account and month, in major units."""
    unit = made.currency.per_major
    table: Mrr = {}
    for account, month, mrr in made.panel.rows.select("account", "month", "mrr").iter_rows():
        name = f"{month // 12:04}-{month % 12 + 1:02}"
        table.setdefault(made.accounts[account], {})[name] = Fraction(mrr, unit)
    return table


def codes(made: Book) -> set[str]:
    """Codes of the notes."""
    return {note.code for note in made.notes}


def named(made: Book) -> str:
    """All notes in one text."""
    return "\n".join(f"{note.code} {note.message}" for note in made.notes)


def months(first: str, last: str, amount: object) -> dict[str, Fraction]:
    """The same amount in every month from first to last."""
    year, month = (int(part) for part in first.split("-"))
    table, name = {}, first
    while name <= last:
        table[name] = Fraction(str(amount))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        name = f"{year:04}-{month:02}"
    return table


def joined(*parts: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Several spans of months as one table."""
    return {month: amount for part in parts for month, amount in part.items()}
