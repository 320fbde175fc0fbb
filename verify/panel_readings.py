"""Kinds of panels that are easily read wrongly: doubles, totals, workbooks, months, money."""

from __future__ import annotations

import calendar
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from harness import clean_panel
from openpyxl import Workbook
from readings import Reading, of_panel, reading


@reading
def panel_row_twice(rng: random.Random) -> Reading:
    """A panel holds a row twice, word for word."""
    rows = clean_panel(rng)
    at = rng.randint(1, len(rows) - 2)
    lines = [*rows[: at + 1], *rows[at:]]
    return of_panel(
        rows,
        lines,
        codes="RC219 RC252",
        refused=True,
        line=at + 3,
        settle=("--duplicates", "first"),
    )


@reading
def row_far_ahead(rng: random.Random) -> Reading:
    """One more row, of a month decades behind the others."""
    rows = clean_panel(rng)
    lines = [*rows, [rows[0][0], f"{rng.randint(2060, 2099)}-12-31", "5.00"]]
    return of_panel(rows, lines, codes="RC860", line=len(lines) + 1)


@reading
def levels_with_kinds(rng: random.Random) -> Reading:
    """Every month of every account with its MRR and what happened."""
    rows = clean_panel(rng)
    before: dict[str, Decimal] = {}
    lines = []
    for name, day, amount in rows:
        old, new = before.get(name), Decimal(amount)
        kind = "new" if old is None else "expansion" if new > old else "contraction"
        lines.append([name, day, amount, "no_change" if old == new else kind])
        before[name] = new
    header = ("account_id", "month", "mrr", "movement_type")
    return of_panel(
        rows, lines, header, codes="RC249 RC891", refused=None, settle=("--shape", "long")
    )


@reading
def total_row(rng: random.Random) -> Reading:
    """The file prints its own total at the end of a table of months."""
    rows = clean_panel(rng)
    months = sorted({row[1] for row in rows})
    amounts = {(name, day): amount for name, day, amount in rows}
    names = sorted({row[0] for row in rows})
    lines = [[name, *(amounts.get((name, day), "0") for day in months)] for name in names]
    sums = [sum(Decimal(line[n]) for line in lines) for n in range(1, len(months) + 1)]
    word = rng.choice(("Total", "Total MRR", "Gesamtergebnis", "Grand Total", "Company"))
    lines.append([word, *(f"{each:.2f}" for each in sums)])
    header = ("account_id", *(day[:7] for day in months))
    settle = ("--drop-total-rows",)
    return of_panel(
        rows, lines, header, codes="RC212 RC837", refused=None, line=len(lines) + 1, settle=settle
    )


@reading
def total_column(rng: random.Random) -> Reading:
    """The file prints the total of each account beside its months."""
    rows = clean_panel(rng)
    months = sorted({row[1] for row in rows})
    amounts = {(name, day): amount for name, day, amount in rows}
    lines = []
    for name in sorted({row[0] for row in rows}):
        line = [amounts.get((name, day), "0") for day in months]
        lines.append([name, *line, f"{sum(map(Decimal, line)):.2f}"])
    header = (
        "account_id",
        *(day[:7] for day in months),
        rng.choice(("Total", "Sum", "Grand Total")),
    )
    return of_panel(rows, lines, header)


def workbook(
    made: Reading, lines: Sequence[Sequence[str | float]], header: Sequence[str], *merged: str
) -> Reading:
    """Put rows into a workbook; ``merged`` are ranges of cells."""
    book = Workbook()
    sheet = book.active
    assert sheet
    for line in [header, *lines]:
        sheet.append(list(line))
    for area in merged:
        sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return replace(made, content=out.getvalue(), name="export.xlsx")


@reading
def workbook_error_cell(rng: random.Random) -> Reading:
    rows = clean_panel(rng)
    lines: list[list[str | float]] = [[name, day, float(amount)] for name, day, amount in rows]
    at = rng.randint(1, len(rows) - 2)
    lines[at][2] = rng.choice(("#REF!", "#N/A", "#DIV/0!", "#VALUE!"))
    made = of_panel(rows, codes="RC332", refused=True, line=at + 2)
    return workbook(made, lines, ("account_id", "month", "mrr"))


@reading
def workbook_merged_labels(rng: random.Random) -> Reading:
    """The account is written once for all of its months, in merged cells."""
    rows = sorted(clean_panel(rng))
    lines: list[list[str | float]] = [[name, day, float(amount)] for name, day, amount in rows]
    merged, start = [], 0
    for n in range(1, len(rows) + 1):
        if n == len(rows) or rows[n][0] != rows[start][0]:
            merged += [f"A{start + 2}:A{n + 1}"] if n - start > 1 else []
            start = n
    return workbook(of_panel(rows, codes="RC874"), lines, ("account_id", "month", "mrr"), *merged)


@reading
def months_in_words(rng: random.Random) -> Reading:
    """The month is written another way in every row."""
    rows = clean_panel(rng)
    names = calendar.month_abbr[1:]
    ways: tuple[Callable[[int, int], str], ...] = (
        lambda y, m: f"{names[m - 1]}-{y % 100:02d}",
        lambda y, m: f"{names[m - 1]} {y}",
        lambda y, m: f"{m:02d}/{y}",
        lambda y, m: f"{y}-{m}",
        lambda y, m: f"{y}/{m:02d}",
    )
    way = rng.choice(ways)
    lines = [[name, way(int(day[:4]), int(day[5:7])), amount] for name, day, amount in rows]
    return of_panel(rows, lines)


@reading
def month_not_readable(rng: random.Random) -> Reading:
    rows = clean_panel(rng)
    at = rng.randint(1, len(rows) - 2)
    lines = [list(row) for row in rows]
    lines[at][1] = rng.choice(("Jnu-24", "24th month", "2024-00", "last month", "Q5 2024", "??"))
    return of_panel(rows, lines, codes="RC221 RC224", refused=True, line=at + 2)


@reading
def money_of_finance(rng: random.Random) -> Reading:
    """Amounts are written as finance writes them, all in one style."""
    rows = clean_panel(rng)
    style = rng.choice(("$", "\u20ac", "blank"))
    lines = [[name, day, _finance(Decimal(amount), style)] for name, day, amount in rows]
    settle = ("--amounts", "accounting")
    return of_panel(rows, lines, codes="RC214", refused=True, settle=settle)


def _finance(amount: Decimal, style: str) -> str:
    text = f"{amount:,.2f}"
    if style == "$":
        return f"${text}"
    text = (
        text.replace(",", "x").replace(".", ",").replace("x", "." if style != "blank" else "\u00a0")
    )
    return f"{text} \u20ac"
