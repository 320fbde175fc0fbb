"""The value of a metric under a profile, per segment and in total: one place for every command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from math import ceil
from operator import add

import polars as pl

from retcalc.answers.base.rate_plans import Plan, Span, covered, plan, rate_of
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, monthly_sums, order, segments_as_of, window_sums
from retcalc.book import Book
from retcalc.config.definitions.profile import Profile
from retcalc.core.months import Window
from retcalc.core.panel import Panel
from retcalc.kernels.bridge import Bridge
from retcalc.kernels.by_account.churn_events import EVENT_LINES, account_events
from retcalc.kernels.panel_facts import month_rows, with_opening_mrr
from retcalc.metrics import Rate, Undefined, lines_of, metric
from retcalc.metrics.rate_formula import Lines, RateFormula, combine

BY_MONTH, TOO_SHORT = "month_grained_data", "before_the_data"
IN_SEVERAL = "accounts_in_several_segments"
Bridges = Mapping[int, Bridge]


@dataclass(frozen=True, slots=True)
class Rates:
    """Metrics of one book and window under any profile; sums that repeat are made once."""

    book: Book
    window: Window
    request: Request
    _known: dict[object, Mapping[tuple[int, int], Bridge]] = field(default_factory=dict)
    _windows: dict[object, Bridges] = field(default_factory=dict)

    def plan(self, metric: str, profile: Profile) -> Plan:
        """Lines and spans of a metric."""
        return plan(metric, profile, self.window, segments_as_of(self.request))

    def values(self, metric: str, profile: Profile) -> dict[int, Rate]:
        """Exact value, or why there is none, of every segment and TOTAL."""
        made = self.plan(metric, profile)
        problem = self.problem(made)
        if problem is not None:
            return dict.fromkeys(order(self.book), Undefined(problem))
        spans = [self.lines(made, span, profile) for span in made.spans]
        rates = {s: combine(made.form, [b[s] for b in spans], made.how) for s in order(self.book)}
        if made.by_day and self.book.panel.parts is not None:
            return {s: r if s == TOTAL else Undefined(IN_SEVERAL) for s, r in rates.items()}
        return rates

    def problem(self, made: Plan) -> str | None:
        """Why the data cannot give the number, as a reason code."""
        if made.by_day and self.book.intervals is None:
            return BY_MONTH
        if made.by_day and self.book.panel.parts is not None and self.book.filtered:
            return IN_SEVERAL  # a churn event by the day is the whole account's
        earliest = min(self.book.first, self.window.opening)
        return TOO_SHORT if made.spans[0][0].opening < earliest else None

    def lines(self, made: Plan, span: Span, profile: Profile) -> dict[int, Lines]:
        """Bridge lines of a span by segment and TOTAL, with churn events by the day if asked."""
        bridges = self._bridges(span, profile)
        found = {s: dict(lines_of(b)) for s, b in bridges.items()}
        if not made.by_day:
            return dict(found)
        events = self.events(span, profile)
        inside = events.filter(pl.col("seg") >= 0)
        for segment, lines in found.items():
            own = inside if segment == TOTAL else inside.filter(pl.col("seg") == segment)
            lines.update(own.select(pl.col(n).sum() for n in EVENT_LINES).row(0, named=True))
        return dict(found)

    def events(self, span: Span, profile: Profile) -> pl.DataFrame:
        """Churn events by the day of every account that counts; the book must have intervals."""
        assert self.book.intervals is not None  # noqa: S101  problem() has told
        panel = self.counted(profile, span[0].opening)
        window = Window(span[0].opening, span[-1].closing)
        as_of = segments_as_of(self.request)
        rows = month_rows(panel, window.opening, window.closing)
        events = account_events(self.book.intervals, rows, window, as_of=as_of)
        if profile.min_mrr is None:
            return events
        return events.join(rows.select("account").unique(), on="account", how="semi")

    def counted(self, profile: Profile, opening: int) -> Panel:
        """Panel of the accounts that count: those with the least opening MRR, if there is one."""
        panel, least = self.book.panel, profile.min_mrr
        if least is None:
            return panel
        units = ceil(least * self.book.currency.per_major)
        return with_opening_mrr(panel, opening, units)

    def _of_counted(self, profile: Profile, opening: int) -> Book:
        return (
            self.book if profile.min_mrr is None else self.book.of(self.counted(profile, opening))
        )

    def _bridges(self, span: Span, profile: Profile) -> Bridges:
        opening = span[0].opening
        if span != (self.window,) and span[0].months == 1:
            by_month = self._months(profile, opening)
            found: list[Bridges] = [
                {s: by_month[s, w.closing] for s in order(self.book)} for w in span
            ]
        else:
            found = [self._window(profile, opening, w) for w in span]
        return {s: reduce(add, (bridges[s] for bridges in found)) for s in order(self.book)}

    def _window(self, profile: Profile, opening: int, window: Window) -> Bridges:
        key = (window, *self._counting(profile, opening))
        if key not in self._windows:
            book = self._of_counted(profile, opening)
            self._windows[key] = window_sums(book, window, self._ends(profile))
        return self._windows[key]

    def _counting(self, profile: Profile, opening: int) -> tuple[object, ...]:
        """What of a profile decides the bridges of spans that open in a month."""
        least = None if profile.min_mrr is None else (profile.min_mrr, opening)
        return profile.reactivation_gap, least

    def _months(self, profile: Profile, opening: int) -> Mapping[tuple[int, int], Bridge]:
        key = self._counting(profile, opening)
        if key not in self._known:
            book = self._of_counted(profile, opening)
            whole = Window(min(book.first - 1, self.window.opening), self.window.closing)
            self._known[key] = monthly_sums(book, whole, self._ends(profile))
        return self._known[key]

    def _ends(self, profile: Profile) -> Request:
        return replace(self.request, profile=replace(profile, basis="endpoints"))


def profiled(
    book: Book, window: Window, request: Request, names: Sequence[str]
) -> dict[int, dict[str, Rate]]:
    """Per segment and TOTAL the rates that the bridge of the window alone does not give."""
    profile, rates = request.profile, Rates(book, window, request)
    wanted = [n for n in names if not covered(n, profile)]
    bases = {n: made.name if (made := metric(n).made_from) else n for n in wanted}
    known = {base: rates.values(base, profile) for base in set(bases.values())}
    return {
        s: {n: metric(n).converted(known[bases[n]][s], window.months) for n in wanted}
        for s in order(book)
    }


def formulas(request: Request, names: Sequence[str], months: int) -> dict[str, RateFormula]:
    """The description of every metric over one bridge of so many months, under the profile."""
    closing = _as_of_closing(request, months)
    found = {name: rate_of(name).under(request.profile) for name in names}
    return {n: form.as_of_closing() if closing else form for n, form in found.items()}


def opening_accounts(request: Request, bridge: Bridge, months: int) -> int:
    """Accounts of the opening set of a bridge of so many months."""
    count = RateFormula({"opening_accounts": 1})
    moved = count.as_of_closing() if _as_of_closing(request, months) else count
    return moved.parts(lines_of(bridge))[0]


def _as_of_closing(request: Request, months: int) -> bool:
    # accounts that enter and leave a segment inside the span are not in its opening set
    compared = months == 1 or request.profile.basis == "endpoints"
    return compared and request.question.segment_basis == "closing"
