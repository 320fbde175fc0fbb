"""The columns that segments and filters ask for, each in the file it is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retcalc.book.columns.column_names import mark
from retcalc.book.columns.recognise import find_column, unknown_column
from retcalc.book.panel.size_bands import OPENING_MRR, SIZE
from retcalc.book.rules import BookRules
from retcalc.core.findings import RetcalcError
from retcalc.read import Table


class Asked:
    """The columns that segments and filters ask for, each in the file it is in."""

    def __init__(self, rules: BookRules, table: Table, customers: Table | None) -> None:
        known = [*table.header, *(customers.header if customers else ())]
        sized = rules.size is not None
        where = table.sources[0].path + (f" or {customers.sources[0].path}" if customers else "")

        def resolve(name: str, option: str = "--by or --where") -> str:
            if sized and name == SIZE:
                return SIZE
            column = find_column(name, known)
            if column is None:
                raise RetcalcError(unknown_column(name, known, where, option))
            return column

        self.by = tuple(resolve(name) for name in rules.by)
        conditions = [resolve(c.column) for c in rules.where]
        wanted = [*self.by, *conditions]
        self.size = rules.size if sized and SIZE in wanted else None
        self.size_column: str | None = None
        if self.size is not None and self.size.source != OPENING_MRR:
            self.size_column = resolve(self.size.source, "segments: {size: {from: COLUMN}}")
            wanted.append(self.size_column)
        parent = None if rules.parent is None else resolve(rules.parent, "account: COLUMN")
        if parent is not None:
            wanted.append(parent)
        self.columns = [w for w in dict.fromkeys(wanted) if not (sized and w == SIZE)]
        self.own = [mark(w) for w in self.columns if w in table.header]
        self.static = [mark(w) for w in self.columns if w not in table.header]

        def marked(column: str) -> str:
            return mark(column) if column in self.columns else column

        self.parent = None if parent is None else mark(parent)
        if self.size_column is not None:
            self.size_column = mark(self.size_column)
        self.rules = replace(
            rules,
            by=tuple(map(marked, self.by)),
            where=tuple(
                replace(c, column=marked(column))
                for c, column in zip(rules.where, conditions, strict=True)
            ),
        )

    def marked(self, table: Table) -> Table:
        """Give the asked columns a second name, so that none can meet one of the book's own."""
        for column in self.columns:
            if column in table:
                table = table.renamed(column, mark(column))
        return table

    def of_segments(self, columns: Sequence[str]) -> list[str]:
        """The columns that make segments, without the one that only names the parent."""
        used = {*self.rules.by, *(c.column for c in self.rules.where), self.size_column}
        return [c for c in columns if c in used]
