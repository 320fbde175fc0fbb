"""What the headers of an export mean, and which columns a run reads under them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Literal

from retcalc.book.columns.column_names import (
    PRODUCT,
    REASON,
    ROLES,
    amount_meaning,
    is_named,
    of_strongest_rank,
)
from retcalc.book.columns.recognise import (
    Recognised,
    accepts,
    find_column,
    normalise,
    recognise,
    unknown_column,
)
from retcalc.book.rules import BookRules, KindColumns, as_written
from retcalc.book.values.words.kinds import are_kinds
from retcalc.book.values.words.statuses import are_statuses
from retcalc.core.findings import RetcalcError
from retcalc.read import ReadPlan

_TOLD = {"status", "kind", "movement", "churned"}  # parts that words may tell
_OTHERWISE = frozenset(  # columns whose words mean something else
    ("plan", "tier", "package", "product", "reason", "country", "region", "source", "channel")
    + ("method", "gender", "medium", "campaign", "industry", "segment", "name", "note", "notes")
    + ("ticket", "lead", "task", "previous", "old", "before", "comment", "email")
)
_DATED = frozenset(("date", "at", "on", "day", "created", "updated", "started", "datum", "fecha"))


def named_columns(rules: BookRules, asked: Iterable[str]) -> tuple[str, ...]:
    """Columns that a run names: those its questions ask for, of parents and of sizes."""
    names = [*asked]
    names += [rules.parent] if rules.parent else []
    names += [rules.size.source] if rules.size else []
    return tuple(dict.fromkeys(names))


def reason_columns(header: Sequence[str], named: str | None) -> list[str]:
    """The columns that may say why accounts left: the named one, else those of telling names."""
    return _named_or_telling(header, named, REASON)


def product_columns(header: Sequence[str], named: str | None) -> list[str]:
    """The columns that may name the product of a row: the named one, else those of such names."""
    return _named_or_telling(header, named, PRODUCT)


def quantity_columns(header: Sequence[str], named: str | None) -> list[str]:
    """The columns that may count what a row pays for: the named one, else those of such names."""
    return _named_or_telling(header, named, ROLES["quantity"])


def kind_columns(header: Sequence[str], kinds: KindColumns | None) -> list[str]:
    """The columns that kinds of expansion may be told from, where a run asks for kinds."""
    if kinds is None:
        return []
    return product_columns(header, kinds.product) + quantity_columns(header, kinds.quantity)


def _named_or_telling(
    header: Sequence[str], named: str | None, ranks: Sequence[Sequence[str]]
) -> list[str]:
    if named is None:
        return of_strongest_rank(ranks, header)
    column = find_column(named, header)
    return [] if column is None else [column]


def may_hold_intervals(found: Recognised) -> bool:
    """True where no header names the billing interval of prices, so that words may tell it."""
    priced = "mrr" in found.columns and amount_meaning(found.columns["mrr"]).grain == "price"
    open_question = priced and not {"interval", "paid_from"} & found.columns.keys()
    dated = found.shape in ("intervals", "states")
    return dated and found.preset is None and open_question


def without_amounts(found: Recognised) -> bool:
    """True where no header names an amount that there should be, so that cells may tell it."""
    return found.shape in ("long", "intervals") and "mrr" not in found.columns


def looks_like(
    part: Literal["status", "kind"], shape: str, title: str, words: Sequence[str]
) -> bool:
    """Tell whether the words of a column are statuses, or kinds of movements, by themselves."""
    other = (r for r in ROLES if r not in _TOLD and is_named(title, ROLES[r]))
    if shape == "snapshot" or any(other):
        return False
    named = {*normalise(title).split("_")}
    kinds = shape in ("movements", "long") and are_kinds(words)
    if part == "kind":
        return kinds and not _OTHERWISE - {"reason"} & named
    return not kinds and not _OTHERWISE & named and are_statuses(words)


def _tells(shape: str, title: str, words: Sequence[str]) -> bool:
    return looks_like("status", shape, title, words) or looks_like("kind", shape, title, words)


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
                    self.heeded(key),
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

    def heeded(self, header: Sequence[str]) -> tuple[str, ...]:
        """The columns but those that play no part; raises RC150 where there is no such one."""
        ignored = {name: find_column(name, header) for name in self._rules.ignored}
        for name, column in ignored.items():
            if column is None:
                raise RetcalcError(unknown_column(name, header, self._file, "--ignore"))
        return tuple(title for title in header if title not in ignored.values())

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
        if self._rules.reasons.asked:
            asked |= set(reason_columns(header, self._rules.reasons.column))
        asked |= set(kind_columns(header, self._rules.kinds))
        cells = {*found.months, *(found.preset.conditions(header) if found.preset else ())}
        used = {*found.columns.values(), *found.flags, *cells, *asked}
        days = () if self._rules.dates.format else filter(_may_hold_days, header)
        read = {column for role, column in found.columns.items() if role != "customer"}
        read |= {*found.flags} if found.shape == "intervals" else set()  # may be days
        counted = found.shape == "long" and as_written(self._rules.amounts)
        units = [found.columns["mrr"]] if counted and "mrr" in found.columns else []
        telling = partial(_tells, found.shape) if found.preset is None else None
        return ReadPlan(
            columns={*used, *days}, codes=used - read - cells, units=units, telling=telling
        )
