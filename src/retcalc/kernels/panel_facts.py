"""The questions a panel answers: the only file that knows how a panel is held.

Everything after the panel asks here. ``cells`` answers from a dense panel, ``rows`` from sorted
rows, with the same integers; ``tests/kernels/test_panel_facts.py`` holds every engine to that.
Money is in integers of the book's scale, months are indexes (12 * year + month - 1), accounts are
codes. What answers the rarer questions is loaded when one is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from retcalc.core.months import Window
from retcalc.core.panel import Panel, panel_of_rows
from retcalc.core.speed.packed_sort import ends
from retcalc.kernels.bridge import AsOf, Bridge, as_one_segment
from retcalc.kernels.bridge import bridges as fold
from retcalc.kernels.cells import transitions as cell_transitions

if TYPE_CHECKING:
    from retcalc.kernels.cohort import CohortSums


def transitions(panel: Panel, closings: range, lag: int, gap: int | None = None) -> pl.DataFrame:
    """What accounts paid ``lag`` months before each of ``closings`` and pay then, summed.

    A window is one closing with its length as lag. ``gap``: longest absence in months that still
    counts as a return; None for any. Gives seg_before, seg_after (``NO_SEGMENT`` where the account
    was not there), month (the closing) and kind; before, after, with exchange rates by month
    constant_currency (the opening MRR at the closing's rates), and accounts.
    """
    from retcalc.kernels.rows import transitions as row_transitions

    if panel.dense is not None and gap is None:
        return cell_transitions.transitions(panel.dense, closings, lag)
    return row_transitions.transitions(panel.rows, closings, lag, gap)


def bridges(
    panel: Panel,
    closings: range,
    lag: int,
    gap: int | None = None,
    *,
    as_of: AsOf = "opening",
    total: int | None = None,
) -> dict[tuple[int, int], Bridge]:
    """Bridges of ``lag`` months by segment code and closing month; see ``kernels.bridge.bridges``.

    Accounts with several segments at once are split over them, and are one in the total.
    """
    found = fold(transitions(panel.unsplit, closings, lag, gap), as_of, total)
    if panel.parts is None:
        return found
    from retcalc.kernels.by_account.segment_parts import part_bridges, part_lines

    spans = [Window(month - lag, month) for month in closings]
    split = part_bridges(part_lines(panel.parts, spans, gap, as_of), total)
    places = sorted({*found, *split})
    return {p: found.get(p, Bridge()).beside(split.get(p, Bridge())) for p in places}


def cohort_sums(panel: Panel, last: int, starts: pl.DataFrame | None = None) -> CohortSums:
    """Accounts and MRR by start month and month up to ``last``, see ``CohortSums``.

    An account starts in its first paid month or, with ``starts`` (a row per account code: account,
    start_month: month index or null), in that month.
    """
    from retcalc.kernels.cells import cohorts as cell_cohorts
    from retcalc.kernels.rows import cohorts as row_cohorts

    if panel.dense is not None and starts is None:
        return cell_cohorts.cohort_sums(panel.dense, last)
    return row_cohorts.cohort_sums(inside_rows(panel), last, starts)


def part_cohort_sums(panel: Panel, last: int, starts: pl.DataFrame | None = None) -> CohortSums:
    """The same of a panel with parts, each account's part in a segment by itself.

    A part starts in its own first paid month, or with ``starts`` in that of its account.
    """
    from retcalc.kernels.rows import cohorts as row_cohorts

    keys = ["account", "seg"]
    rows = part_rows(panel, *ends(panel.rows["month"]))
    pairs = rows.select(keys).unique().sort(keys).with_row_index("part")
    rows = rows.join(pairs, on=keys, how="left", validate="m:1")
    if starts is not None:
        starts = pairs.join(starts, on="account", how="left", validate="m:1")
        starts = starts.select("start_month", account="part")
    coded = rows.select("month", "mrr", "seg", account="part").sort("account", "month")
    return row_cohorts.cohort_sums(coded, last, starts)


def lifetimes(panel: Panel) -> pl.DataFrame:
    """First unbroken run of paid months of each account: account, seg, first, last.

    ``seg`` is that of the first month; sorted by account.
    """
    from retcalc.kernels.cells import lifetimes as cell_lifetimes
    from retcalc.kernels.rows import lifetimes as row_lifetimes

    if panel.dense is not None:
        return cell_lifetimes.lifetimes(panel.dense)
    return row_lifetimes.lifetimes(panel.rows)


def month_rows(panel: Panel, first: int, last: int) -> pl.DataFrame:
    """Account-months from ``first`` to ``last``, both included: account, month, mrr, seg.

    In no particular order. Of an account that is partly outside the filter, what is inside.
    """
    if panel.parts is not None:
        return inside_rows(panel).filter(pl.col("month").is_between(first, last))
    return _held_rows(panel, first, last)


def _held_rows(panel: Panel, first: int, last: int) -> pl.DataFrame:
    if panel.dense is not None:
        return panel.dense.rows(first, last)
    return panel.rows.filter(pl.col("month").is_between(first, last))


def part_rows(panel: Panel, first: int, last: int) -> pl.DataFrame:
    """The same with a row for each segment that an account pays in."""
    if panel.parts is None:
        return month_rows(panel, first, last)
    alone = panel.unsplit.rows
    rows = pl.concat([alone, panel.parts.select(alone.columns).cast(alone.schema)])
    return rows.filter(pl.col("month").is_between(first, last))


def inside_rows(panel: Panel) -> pl.DataFrame:
    """The MRR of accounts by month in order; of one partly outside the filter, what is inside."""
    if panel.parts is None:
        return panel.rows
    inside, alone = panel.parts.filter(pl.col("seg") >= 0), panel.unsplit.rows
    partly = panel.parts.filter(pl.col("seg") < 0).select("account").unique()
    largest = pl.col("seg").sort_by("mrr", "seg").last()
    of_them = inside.join(partly, on="account", how="semi")
    sums = of_them.group_by("account", "month").agg(pl.col("mrr").sum(), largest)
    whole = panel.rows.join(partly, on="account", how="anti")
    return pl.concat([whole, sums.select(alone.columns).cast(alone.schema)]).sort(
        "account", "month"
    )


def account_pairs(panel: Panel, spans: Sequence[Window], gap: int | None = None) -> pl.DataFrame:
    """What each account paid at both ends of each span.

    A row per account and closing month: account, month, before, constant_currency, seg_before,
    after, seg_after, returned; see ``kernels.rows.account_pairs``.
    """
    from retcalc.kernels.rows import account_pairs as row_pairs

    opened = _held_rows(panel, spans[0].opening, spans[-1].opening)
    closed = _held_rows(panel, spans[0].closing, spans[-1].closing)
    history = panel.first_rows if gap is None else panel.rows  # how long ago asks for all rows
    return row_pairs.account_pairs(opened, closed, history, spans, gap)


def account_lines(
    panel: Panel, spans: Sequence[Window], gap: int | None = None, as_of: AsOf = "opening"
) -> pl.DataFrame:
    """Bridge lines of each account in each span; see ``kernels.by_account.account_bridge``."""
    from retcalc.kernels.by_account import account_bridge

    lines = account_bridge.account_lines(account_pairs(panel.unsplit, spans, gap), as_of=as_of)
    if panel.parts is None:
        return lines
    from retcalc.kernels.by_account.segment_parts import of_accounts, part_lines

    split = of_accounts(part_lines(panel.parts, spans, gap, as_of))
    both = pl.concat([lines, split.cast(lines.schema)])
    return both.sort("account", "month")


def opening_ends(panel: Panel, window: Window, *, one_segment: bool = False) -> pl.DataFrame:
    """What the MRR of each opening account has become, see ``account_pairs``.

    An account with several segments has a row for each of them, whose after is what they kept and
    gained. ``one_segment``: all segments inside the filter are one, code 0.
    """
    pairs = account_pairs(panel.unsplit, [window])
    columns = ["account", "before", "constant_currency", "after", "seg_before"]
    pairs = pairs.filter(pl.col("before").is_not_null()).select(columns)
    if one_segment:
        pairs = as_one_segment(pairs, "seg_before")
    if panel.parts is None:
        return pairs
    from retcalc.kernels.by_account.segment_parts import kept_parts, of_accounts, part_lines

    lines = part_lines(panel.parts, [window], None)
    if one_segment:
        lines = of_accounts(lines).with_columns(seg=pl.lit(0, pl.Int32))
    return pl.concat([pairs, kept_parts(lines).cast(pairs.schema)])


def paid_runs(panel: Panel) -> pl.DataFrame:
    """Every unbroken run of paid months of each account, see ``kernels.by_account.paid_runs``."""
    from retcalc.kernels.by_account import paid_runs as runs

    return runs.paid_runs(panel.rows)


def panel_of_account(panel: Panel, account: int) -> Panel:
    """The panel of one account."""
    own = pl.col("account") == account
    parts = None if panel.parts is None else panel.parts.filter(own)
    return panel_of_rows(panel.rows.filter(own), parts)


def account_rows(panel: Panel, account: int) -> pl.DataFrame:
    """The months of one account, in order: account, month, mrr, seg.

    Where a part of it is inside the filter and a part outside, what is inside.
    """
    own = panel_of_account(panel, account)
    if own.parts is None:
        return own.rows
    inside = inside_rows(own)
    outside = own.rows.join(inside, on="month", how="anti")
    return pl.concat([inside, outside]).sort("month")


def with_opening_mrr(panel: Panel, opening: int, least: int) -> Panel:
    """The panel of the accounts that have at least ``least`` MRR in the month ``opening``."""
    rows = panel.rows
    enough = rows.filter((pl.col("month") == opening) & (pl.col("mrr") >= least))
    kept = rows.join(enough.select("account"), on="account", how="semi")
    parts = panel.parts
    if parts is not None:
        parts = parts.join(enough.select("account"), on="account", how="semi")
    return panel_of_rows(kept.sort("account", "month"), parts)
