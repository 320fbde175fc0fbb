"""Bridges per segment and total, every roll-forward checked before anything is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from retcalc.answers.base.request import Request
from retcalc.book import Book, constant_currency
from retcalc.core.findings import own_fault
from retcalc.core.months import Window, format_month
from retcalc.kernels.bridge import AsOf, Bridge
from retcalc.kernels.panel_facts import bridges

TOTAL = -3  # all segments inside the filter; lower than any code that kernels give a segment


def order(book: Book) -> list[int]:
    """Segment codes in order, the total last."""
    return [*(range(len(book.segments)) if book.by else ()), TOTAL]


def months_of(window: Window) -> range:
    """The months a window spans, each by its closing month-end."""
    return range(window.opening + 1, window.closing + 1)


def monthly_sums(book: Book, window: Window, request: Request) -> dict[tuple[int, int], Bridge]:
    """Bridge of every segment and month of the window."""
    found: Mapping[tuple[int, int], Bridge]
    if book.given is not None:
        found = {(TOTAL, month): Bridge(**lines) for month, lines in book.given.items()}
    else:
        found = _bridges(book, months_of(window), 1, request)
    full = {(s, m): found.get((s, m), Bridge()) for s in order(book) for m in months_of(window)}
    _check(full.values())
    for (segment, month), bridge in full.items():
        before = full.get((segment, month - 1), bridge)
        ends = (before.closing_mrr, before.closing_accounts)
        if before is not bridge and ends != (bridge.opening_mrr, bridge.opening_accounts):
            raise own_fault(
                "RC701", f"{format_month(month)} does not open where the month before closed"
            )
    return full


def _bridges(
    book: Book, closings: range, months: int, request: Request
) -> Mapping[tuple[int, int], Bridge]:
    """Bridges of so many months up to each closing month, by segment or TOTAL and that month."""
    panel, gap = constant_currency(book, months), request.profile.reactivation_gap
    return bridges(panel, closings, months, gap, as_of=segments_as_of(request), total=TOTAL)


def rolling_sums(
    book: Book, window: Window, months: int, request: Request
) -> dict[tuple[int, int], Bridge]:
    """Bridge of so many months up to every month of the window, in the profile's basis."""
    cells = [(s, m) for s in order(book) for m in months_of(window)]
    if request.profile.basis == "endpoints":
        found = _bridges(book, months_of(window), months, request)
        sums = {cell: found.get(cell, Bridge()) for cell in cells}
        _check(sums.values())
        return sums
    by_month = monthly_sums(book, Window(window.opening - months + 1, window.closing), request)
    chained = {m: _chained(by_month, book, Window(m - months, m)) for m in months_of(window)}
    return {(s, m): chained[m][s] for s, m in cells}


def window_sums(book: Book, window: Window, request: Request) -> dict[int, Bridge]:
    """Bridge of the window per segment and total, in the profile's basis."""
    if request.profile.basis == "monthly":
        return _chained(monthly_sums(book, window, request), book, window)
    closing = window.closing
    found = _bridges(book, range(closing, closing + 1), window.months, request)
    sums = {s: found.get((s, closing), Bridge()) for s in order(book)}
    _check(sums.values())
    return sums


def segments_as_of(request: Request) -> AsOf:
    """Which end of a movement decides its segment; a current segment never moves."""
    return "closing" if request.question.segment_basis == "closing" else "opening"


def _chained(
    by_month: Mapping[tuple[int, int], Bridge], book: Book, window: Window
) -> dict[int, Bridge]:
    sums: dict[int, Bridge] = {}
    for segment in order(book):
        for month in months_of(window):
            bridge = by_month[segment, month]
            sums[segment] = sums[segment] + bridge if segment in sums else bridge
    _check(sums.values())
    return {s: sums.get(s, Bridge()) for s in order(book)}


def _check(found: Iterable[Bridge]) -> None:
    if any(bridge.unreconciled_mrr or bridge.unreconciled_accounts for bridge in found):
        raise own_fault("RC701", "a roll-forward does not close")
