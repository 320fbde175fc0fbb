"""Results as tables of a workbook: where each figure stands, and the formula behind it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction

from retcalc.core.result import ABOVE, Block, Column, Currency, Result, Row, Unit, Value
from retcalc.render.numbers import exact
from retcalc.render.workbook.live_formulas import Ref, live

_KEYS = ("month", "cohort", "age")  # a total is the sum of its segments at the same key
_MOST_TERMS = 60  # of a sum of single cells
_NEAR = Fraction(1, 10**12)
_NUMBERS = ("money", "count", "rate", "ratio", "number")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: numbers in whole units; ``formula`` without its equals sign.

    ``pale``: a share with little behind it.
    """

    value: Fraction | str | bool | None
    unit: Unit
    formula: str | None = None
    at_least: bool = False
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with a header row, or header column where ``across``: segments side by side."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    by: tuple[str, ...]
    currency: Currency
    across: bool = False
    index: dict[str, int] = field(default_factory=dict, compare=False)

    def place(self, row: int, name: str) -> tuple[int, int]:
        """Zero-based row and column of a figure in the sheet."""
        number = self.index[name]
        if self.across:
            return len(self.by) + number + 1, row + 1
        return row + 1, len(self.by) + number

    def at(self, row: int, name: str) -> str:
        """Address of a figure within its sheet."""
        down, right = self.place(row, name)
        return f"{letters(right)}{down + 1}"

    def far(self, row: int, name: str) -> str:
        """Address of a figure, from another sheet."""
        return f"'{self.name}'!{self.at(row, name)}"

    def ref(self, row: int, name: str) -> Ref:
        """A figure as a reference; raises KeyError where there is none."""
        value = self.number(row, name)
        if value is None:
            raise KeyError(name)
        return Ref(self.at(row, name), value)

    def number(self, row: int, name: str) -> Fraction | None:
        """The exact number in a cell, money in whole units."""
        column = self.columns[self.index[name]]
        return _number(self.rows[row].values.get(name), column, self.currency)

    def last(self, name: str) -> str:
        """Address of the total's last figure, from another sheet."""
        return self.far(len(self.rows) - 1, name)

    def cells(self) -> list[list[Cell]]:
        """Every row's cells, without the segment's names."""
        groups = _same_key(self)
        return [self._row(row, groups) for row in range(len(self.rows))]

    def live_of_total(self) -> list[Column]:
        """The columns whose last figure, that of the total, is a formula."""
        if not self.rows:
            return []
        cells = self._row(len(self.rows) - 1, _same_key(self))
        return [c for c, cell in zip(self.columns, cells, strict=True) if cell.formula]

    def _row(self, row: int, groups: dict[tuple[Value, ...], list[int]]) -> list[Cell]:
        cells = []
        for column in self.columns:
            value = self.rows[row].values.get(column.name)
            number = _number(value, column, self.currency)
            if number is None:
                text = None if value is None else value if isinstance(value, bool) else str(value)
                cells.append(Cell(text, column.unit))
                continue
            parts = groups.get(_key(self.rows[row]), []) if not self.rows[row].segment else []
            formula = self._formula(row, column, number, parts)
            bound = column.name in self.rows[row].at_least
            cells.append(Cell(number, column.unit, formula, at_least=bound))
        return cells

    def _formula(self, row: int, column: Column, value: Fraction, parts: list[int]) -> str | None:
        candidates = []
        if column.made_of is not None:
            with suppress(KeyError, ZeroDivisionError):
                candidates.append(live(column.made_of, lambda name: self._cell(row, name)))
        if parts and column.unit in ("money", "count") and column.name not in _KEYS:
            candidates.append(self._sum(parts, column.name))
        for found in candidates:
            if abs(found.value - value) <= _NEAR * max(Fraction(1), abs(value)):
                return found.text
        return None

    def _cell(self, row: int, name: str) -> Ref:
        """A figure of the row, or of the row above; raises KeyError where there is none."""
        if not name.startswith(ABOVE):
            return self.ref(row, name)
        if not self._follows(row):
            raise KeyError(name)
        return self.ref(row - 1, name.removeprefix(ABOVE))

    def _follows(self, row: int) -> bool:
        """Whether the row above is the same segment one month or age earlier."""
        if not row or self.rows[row - 1].segment != self.rows[row].segment:
            return False
        for key in ("month", "age"):
            if key in self.index:
                before, now = (self.rows[r].values.get(key) for r in (row - 1, row))
                return isinstance(before, int) and now == before + 1
        return False

    def _sum(self, parts: Sequence[int], name: str) -> Ref:
        value = sum((self.number(part, name) or Fraction(0) for part in parts), Fraction(0))
        if list(parts) == list(range(parts[0], parts[-1] + 1)):
            return Ref(f"SUM({self.at(parts[0], name)}:{self.at(parts[-1], name)})", value)
        if len(parts) > _MOST_TERMS:
            return Ref("", Fraction(-1) - abs(value))  # never near: stays a number
        return Ref("+".join(self.at(part, name) for part in parts), value)


def table(name: str, result: Result, *, across: bool = False) -> Table:
    """The rows of a result as a table."""
    return block_table(name, Block(result.columns, result.rows), result, across=across)


def block_table(name: str, block: Block, result: Result, *, across: bool = False) -> Table:
    """A nested table as a table of its own, with the segments of the result."""
    columns = tuple(column for column in block.columns if column.unit != "block")
    by = result.by if any(row.segment for row in block.rows) else ()
    index = {column.name: number for number, column in enumerate(columns)}
    return Table(name, columns, block.rows, by, result.currency, across, index)


def nested_tables(result: Result) -> list[tuple[str, Block]]:
    """Tables inside rows, put together by column, with the figures their shares are of."""
    found = []
    for column in result.columns:
        if column.unit != "block":
            continue
        rows, columns = [], None
        for row in result.rows:
            block = row.values.get(column.name)
            if isinstance(block, Block):
                columns = block.columns
                whole = row.values.get("closing_mrr")
                for inner in block.rows:
                    values = {**inner.values, "closing_mrr": whole}
                    rows.append(Row(values, row.segment, inner.reasons, inner.small))
        if columns is not None:
            of = Column("closing_mrr", "Closing MRR", "money")
            found.append((column.name, Block((*columns, of), tuple(rows))))
    return found


def letters(number: int) -> str:
    """Letters of a column: 0 is A, 26 is AA."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _number(value: Value, column: Column, currency: Currency) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return None
    if column.unit in _NUMBERS or column.unit == "any":
        whole = currency.per_major if column.unit == "money" else 1
        return exact(value) / whole
    return Fraction(value) if column.unit == "month" else None


def _key(row: Row) -> tuple[Value, ...]:
    return tuple(row.values.get(name) for name in _KEYS)


def _same_key(table: Table) -> dict[tuple[Value, ...], list[int]]:
    groups: dict[tuple[Value, ...], list[int]] = {}
    for number, row in enumerate(table.rows):
        if row.segment:
            groups.setdefault(_key(row), []).append(number)
    return groups
