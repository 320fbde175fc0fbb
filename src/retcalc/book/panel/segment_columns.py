"""The columns that a question's segments and filters ask for, each in the file it is in."""

from __future__ import annotations

from dataclasses import replace

from retcalc.book.columns.column_names import mark
from retcalc.book.columns.recognise import find_column, unknown_column
from retcalc.book.panel.size_bands import OPENING_MRR, SIZE
from retcalc.book.rules import BookRules, Question
from retcalc.core.findings import RetcalcError
from retcalc.read import Table


class Asked:
    """The columns that segments and filters ask for, each in the file it is in.

    ``titles`` are those of the segments as their file has them; all others are under the marked
    names that the ledger carries them by. ``own`` are in the export, ``static`` in the customers
    file. Raises RetcalcError for a column that is in neither.
    """

    def __init__(
        self, question: Question, rules: BookRules, table: Table, customers: Table | None
    ) -> None:
        known = [*table.header, *(customers.header if customers else ())]
        sized = rules.size is not None
        place = table.sources[0].path + (f" or {customers.sources[0].path}" if customers else "")

        def resolve(name: str, option: str = "--by/--where") -> str:
            if sized and name == SIZE:
                return SIZE
            column = find_column(name, known)
            if column is None:
                raise RetcalcError(unknown_column(name, known, place, option))
            return column

        self.titles = tuple(resolve(name) for name in question.by)
        conditions = [resolve(c.column) for c in question.where]
        wanted = [*self.titles, *conditions]
        self.size = rules.size if sized and SIZE in wanted else None
        self.size_column: str | None = None
        if self.size is not None and self.size.source != OPENING_MRR:
            column = resolve(self.size.source, "segments: {size: {from: COLUMN}}")
            wanted.append(column)
            self.size_column = mark(column)
        parent = None if rules.parent is None else resolve(rules.parent, "account: COLUMN")
        self.parent = None if parent is None else mark(parent)

        def marked(column: str) -> str:
            return SIZE if sized and column == SIZE else mark(column)

        columns = [w for w in dict.fromkeys(wanted) if not (sized and w == SIZE)]
        self.own = [mark(w) for w in columns if w in table.header]
        self.static = [mark(w) for w in columns if w not in table.header]
        self.by = tuple(map(marked, self.titles))
        self.where = tuple(
            replace(c, column=marked(column))
            for c, column in zip(question.where, conditions, strict=True)
        )
