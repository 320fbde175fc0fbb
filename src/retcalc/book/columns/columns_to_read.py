"""What the headers of an export mean, and which columns a run reads under them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from retcalc.book.columns.column_names import amount_meaning
from retcalc.book.columns.recognise import (
    Recognised,
    accepts,
    find_column,
    normalise,
    recognise,
)
from retcalc.book.rules import BookRules, as_written
from retcalc.core.findings import RetcalcError
from retcalc.read import ReadPlan

_DATED = frozenset(("date", "at", "on", "day", "created", "updated", "started", "datum", "fecha"))


def named_columns(rules: BookRules, asked: Iterable[str]) -> tuple[str, ...]:
    """Columns that a run names: those its questions ask for, of parents and of sizes."""
    names = [*asked]
    names += [rules.parent] if rules.parent else []
    names += [rules.size.source] if rules.size else []
    return tuple(dict.fromkeys(names))


def may_hold_intervals(found: Recognised) -> bool:
    """True where no header names the billing interval of prices, so that words may tell it."""
    priced = "mrr" in found.columns and amount_meaning(found.columns["mrr"]).grain == "price"
    open_question = priced and not {"interval", "paid_from"} & found.columns.keys()
    dated = found.shape in ("intervals", "states")
    return dated and found.preset is None and open_question


def without_amounts(found: Recognised) -> bool:
    """True where no header names an amount that there should be, so that cells may tell it."""
    return found.shape in ("long", "intervals") and "mrr" not in found.columns


def _may_hold_days(name: str) -> bool:
    """True for a column whose days may prove the order of day and month in another one."""
    return not _DATED.isdisjoint(normalise(name).split("_"))


class Headers:
    """The headers of one export, each recognised once.

    ``named`` are the columns that the questions of the run name, as the user writes them; ``file``
    is the first one, for messages.
    """

    def __init__(self, rules: BookRules, named: Sequence[str], file: str) -> None:
        self._rules, self._named, self._file = rules, named, file
        self._known: dict[tuple[str, ...], Recognised | RetcalcError] = {}

    def recognise(self, header: Sequence[str]) -> Recognised:
        """Shape and roles of a header; raises RetcalcError where they are in doubt."""
        key, rules = tuple(header), self._rules
        if key not in self._known:
            try:
                self._known[key] = recognise(
                    key,
                    rules.columns,
                    rules.shape,
                    self._file,
                    rules.dates.format,
                    rules.dates.year,
                    rules.periods,
                )
            except RetcalcError as error:
                self._known[key] = error
        known = self._known[key]
        if isinstance(known, RetcalcError):
            raise known
        return known

    def plan(self, header: Sequence[str]) -> ReadPlan:
        """What to read under a header: all of one that is not understood yet.

        A header fits when its parts are told by name or by the user. Ids and segments are only
        told apart, so they are read as codes; the amounts of a panel are counted as whole units
        where they are written as money is.
        """
        given = set(self._rules.columns.values())
        if not (accepts(header) or (given and given <= set(header))):
            return ReadPlan(fits=False)
        try:
            found = self.recognise(header)
        except RetcalcError:  # said again, with the rest, when the rows are there
            return ReadPlan()
        if may_hold_intervals(found) or without_amounts(found):
            return ReadPlan()
        asked = {n for n in (find_column(name, header) for name in self._named) if n}
        cells = {*found.months, *(found.preset.conditions(header) if found.preset else ())}
        used = {*found.columns.values(), *cells, *asked}
        days = () if self._rules.dates.format else filter(_may_hold_days, header)
        read = {column for role, column in found.columns.items() if role != "customer"}
        counted = found.shape == "long" and as_written(self._rules.amounts)
        units = [found.columns["mrr"]] if counted and "mrr" in found.columns else []
        return ReadPlan(columns={*used, *days}, codes=used - read - cells, units=units)
