"""The checks of a workbook: two ways to one figure, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from retcalc.core.result import Report
from retcalc.render.presentation import shown_as
from retcalc.render.workbook.file import Workbook
from retcalc.render.workbook.tables import Table

_TOLERANCE = {"money": Fraction(1, 200), "count": Fraction(1, 2), "rate": Fraction(1, 10**9)}
_FLOWS = ("new_mrr", "reactivation_mrr", "expansion_mrr")
_LOSSES = ("contraction_mrr", "churn_mrr")
_MOST_TERMS = 400


@dataclass(frozen=True, slots=True)
class Side:
    """A formula and the value it has."""

    formula: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Check:
    """Two sides that should be equal."""

    words: str
    unit: str
    left: Side
    right: Side


def add_checks(book: Workbook, tables: Mapping[str, Table], report: Report) -> None:
    """Write the sheet of checks, each OK or CHECK, with one verdict over all."""
    sheet = book.sheet("Checks")
    for column, head in enumerate(("Check", "One way", "Another way", "Difference", "Result")):
        book.text(sheet, 2, column, head, "head")
    checks = list(_checks(tables, report))
    for number, check in enumerate(checks, 3):
        line = number + 1
        style = check.unit if check.unit in ("money", "count", "rate") else "number"
        book.text(sheet, number, 0, check.words)
        book.formula(sheet, number, 1, check.left.formula, float(check.left.value), style)
        book.formula(sheet, number, 2, check.right.formula, float(check.right.value), style)
        gap = check.left.value - check.right.value
        book.formula(sheet, number, 3, f"B{line}-C{line}", float(gap), style)
        limit = _TOLERANCE.get(check.unit, _TOLERANCE["rate"])
        verdict = f'IF(ABS(D{line})<={float(limit)!r},"OK","CHECK")'
        book.formula(sheet, number, 4, verdict, _word(abs(gap) <= limit), "status")
    last = len(checks) + 3
    whole = f'IF(COUNTIF(E4:E{last},"OK")={len(checks)},"OK","CHECK")'
    good = all(
        abs(c.left.value - c.right.value) <= _TOLERANCE.get(c.unit, _TOLERANCE["rate"])
        for c in checks
    )
    book.text(sheet, 0, 0, "All checks", "head")
    book.formula(sheet, 0, 1, whole, _word(good), "status")
    sheet.set_column(0, 0, 64)
    sheet.set_column(1, 4, 18)
    sheet.freeze_panes(3, 1)
    rule = {"type": "cell", "criteria": "==", "value": '"CHECK"', "format": None}
    sheet.conditional_format(0, 1, last, 4, {**rule, "format": book.warning()})


def _word(good: bool) -> str:
    return "OK" if good else "CHECK"


def _checks(tables: Mapping[str, Table], report: Report) -> Iterator[Check]:
    summary, movements = tables["summary"], tables["movements"]
    for name, words in (("closing_mrr", "MRR"), ("closing_accounts", "accounts")):
        unit = "money" if name == "closing_mrr" else "count"
        chain = f"Closing {words}: the roll-forward of every month, and the window's bridge"
        yield from _pair(chain, unit, movements, name, summary, name)
        if "concentration" in tables:
            other = "closing_mrr" if unit == "money" else "accounts"
            sizes = f"Closing {words}: the window's bridge, and the sizes of the accounts"
            yield from _pair(sizes, unit, summary, name, tables["concentration"], other)
    yield from _net_change(tables, report)
    yield from _diagonals(tables, report)
    if tables["trailing"].rows:
        for name in ("nrr", "grr", "logo_churn"):
            words = f"{name.upper() if len(name) < 4 else 'Logo churn'}: the line, and the summary"
            yield from _pair(words, "rate", tables["trailing"], name, summary, name)
    if "clv_cac" in tables:
        words = "CLV: beside CAC, and in its own table"
        yield from _pair(words, "money", tables["clv_cac"], "clv", tables["clv"], "clv")
    yield from _events(tables)
    yield from _recorded(tables)


def _side(table: Table, name: str) -> Side | None:
    if name not in table.index or not table.rows:
        return None
    value = table.number(len(table.rows) - 1, name)
    return None if value is None else Side(table.last(name), value)


def _pair(
    words: str, unit: str, one: Table, name: str, another: Table, other: str
) -> Iterator[Check]:
    left, right = _side(one, name), _side(another, other)
    if left and right:
        yield Check(words, unit, left, right)


def _recorded(tables: Mapping[str, Table]) -> Iterator[Check]:
    """The live formulas of the totals of tables that stand across, against the reported figures."""
    across = [table for part, table in tables.items() if shown_as(part).across]
    for table, column in ((t, c) for t in across for c in t.live_of_total()):
        side = _side(table, column.name)
        if side:
            constant = Side(repr(float(side.value)), side.value)
            words = f"{column.label}: the sheet's formula, and the figure that retcalc reports"
            yield Check(words, column.unit, side, constant)


def _net_change(tables: Mapping[str, Table], report: Report) -> Iterator[Check]:
    """What the months of the window brought, against the change from opening to closing."""
    movements, summary = tables["movements"], tables["summary"]
    window = report.head.window
    if window is None or not {*_FLOWS, *_LOSSES} <= set(movements.index):
        return
    rows = [
        number
        for number, row in enumerate(movements.rows)
        if not row.segment and _within(row.values["month"], window.opening, window.closing)
    ]
    if not rows:
        return
    gains, losses = (_sums(movements, rows, names) for names in (_FLOWS, _LOSSES))
    left = Side(f"{gains.formula}-({losses.formula})", gains.value - losses.value)
    closing, opening = _side(summary, "closing_mrr"), _side(summary, "opening_mrr")
    if closing and opening and "segment_in_mrr" not in movements.index:
        right = Side(f"{closing.formula}-{opening.formula}", closing.value - opening.value)
        yield Check(
            "Net new MRR: the sum of the window's months, and its ends", "money", left, right
        )


def _within(month: object, opening: int, closing: int) -> bool:
    return isinstance(month, int) and opening < month <= closing


def _sums(table: Table, rows: list[int], names: tuple[str, ...]) -> Side:
    ranges = (f"SUM({table.far(rows[0], n)}:{table.at(rows[-1], n)})" for n in names)
    value = sum((table.number(row, n) or Fraction(0) for row in rows for n in names), Fraction(0))
    return Side("+".join(ranges), value)


def _diagonals(tables: Mapping[str, Table], report: Report) -> Iterator[Check]:
    """Every cohort at its present age, together: all that is there at the closing."""
    cohorts, window = tables.get("cohort"), report.head.window
    if cohorts is None or window is None:
        return
    rows = [
        number
        for number, row in enumerate(cohorts.rows)
        if not row.segment and _sum(row.values["cohort"], row.values["age"]) == window.closing
    ]
    if not 0 < len(rows) <= _MOST_TERMS:
        return
    for name, other in (("accounts", "closing_accounts"), ("mrr", "closing_mrr")):
        value = sum((cohorts.number(row, name) or Fraction(0) for row in rows), Fraction(0))
        left = Side("+".join(cohorts.far(row, name) for row in rows), value)
        right = _side(tables["summary"], other)
        if right:
            unit = "count" if name == "accounts" else "money"
            words = f"Closing {'accounts' if unit == 'count' else 'MRR'}: all cohorts together"
            yield Check(f"{words}, and the window's bridge", unit, left, right)


def _sum(cohort: object, age: object) -> int | None:
    return cohort + age if isinstance(cohort, int) and isinstance(age, int) else None


def _events(tables: Mapping[str, Table]) -> Iterator[Check]:
    survival, life = tables.get("survival"), tables.get("survival.life")
    if survival is None or life is None:
        return
    rows = [number for number, row in enumerate(survival.rows) if not row.segment]
    right = _side(life, "churned")
    if rows and right:
        left = _sums(survival, rows, ("events",))
        yield Check("Churned lives: by age, and in all", "count", left, right)
