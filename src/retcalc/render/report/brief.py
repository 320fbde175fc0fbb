"""What a report says in a few sentences, from its own figures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from retcalc.core.months import format_month
from retcalc.core.result import Block, Report, Result, Row
from retcalc.render.numbers import exact, money_on_screen, percent
from retcalc.render.pictures.spec import code, segment_name, short, whole

_PARTS = (
    ("new_mrr", "new"),
    ("reactivation_mrr", "reactivated"),
    ("expansion_mrr", "expansion"),
    ("contraction_mrr", "contraction"),
    ("churn_mrr", "churned"),
)


def brief(report: Report) -> Iterator[str]:
    """Sentences for a reader who has half a minute."""
    summary = report.head
    if not summary.rows or not summary.window:
        return
    yield from _course(summary)
    yield from _kept(summary)
    yield from _segments(summary)
    yield from _worst_month(report)
    yield from _largest(report)


def _course(summary: Result) -> Iterator[str]:
    values = summary.rows[-1].values
    opening, closing = whole(values["opening_mrr"]), whole(values["closing_mrr"])
    ends = [money_on_screen(value, summary.currency) for value in (opening, closing)]
    change = f" ({_signed(Fraction(closing - opening, opening))})" if opening > 0 else ""
    parts = [
        f"{money_on_screen(whole(values[name]), summary.currency)} {words}"
        for name, words in _PARTS
        if values.get(name)
    ]
    behind = f": {', '.join(parts)}" if parts else ""
    yield f"MRR went from {ends[0]} to {ends[1]}{code(summary)}{change}{behind}."


def _kept(summary: Result) -> Iterator[str]:
    values = summary.rows[-1].values
    nrr, stayed = values.get("nrr"), values.get("logo_retention")
    if summary.rows[-1].small:
        yield f"Accounts at the opening: {whole(values['opening_accounts']):,}. Rates say little."
    elif isinstance(nrr, Fraction) and isinstance(stayed, Fraction):
        yield (
            f"Of the {whole(values['opening_accounts']):,} accounts at the opening "
            f"{percent(stayed)} are still there; they pay {percent(nrr)} of what all paid then."
        )


def _segments(summary: Result) -> Iterator[str]:
    """The ends of the range over segments that are large enough to say something."""
    rated = [
        (value, row)
        for row in summary.rows
        if row.segment and not row.small and isinstance(value := row.values.get("nrr"), Fraction)
    ]
    if len(rated) > 1:
        low, high = min(rated, key=_rate), max(rated, key=_rate)
        yield (
            f"NRR is lowest in {_name(low[1])} ({percent(low[0])}), "
            f"highest in {_name(high[1])} ({percent(high[0])})."
        )


def _worst_month(report: Report) -> Iterator[str]:
    movements, window = report.parts["movements"], report.head.window
    lost = [
        (whole(row.values["churn_mrr"]), whole(row.values["month"]))
        for row in movements.rows
        if not row.segment and row.values["churn_mrr"]
    ]
    inside = [found for found in lost if window and window.opening < found[1] <= window.closing]
    if len(inside) > 1:
        amount, month = max(inside)
        share = percent(Fraction(amount, sum(found for found, _ in inside)))
        shown = money_on_screen(amount, movements.currency)
        yield (
            f"The month that lost most was {format_month(month)}: {shown}{code(movements)} "
            f"churned, {share} of the sum of all months."
        )


def _largest(report: Report) -> Iterator[str]:
    result = report.parts["concentration"]
    values = result.rows[-1].values
    fifth, top = values.get("share_top_20pct"), values.get("top")
    if isinstance(fifth, Fraction) and isinstance(top, Block) and top.rows:
        first = top.rows[0].values["share"]
        if isinstance(first, Fraction):
            yield (
                f"The largest fifth of the accounts holds {percent(fifth)} of MRR, "
                f"the largest account {percent(first)}."
            )


def _rate(found: tuple[Fraction, Row]) -> Fraction:
    return exact(found[0])


def _name(row: Row) -> str:
    return short(segment_name(row))


def _signed(value: Fraction) -> str:
    return ("+" if value >= 0 else "") + percent(value)
