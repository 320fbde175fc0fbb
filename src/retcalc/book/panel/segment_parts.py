"""Parts of account-months: the MRR of accounts that have several segments at once, by segment."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from retcalc.book.columns.column_names import unmark
from retcalc.core.findings import Finding
from retcalc.core.panel import Panel
from retcalc.read.wording import count_that

_WHERE = ["account", "month"]


def parts_of(ordered: pl.DataFrame, attributes: Sequence[str]) -> pl.DataFrame | None:
    """MRR by account, month and attributes of the accounts that have several of these in a month.

    ``ordered``: ledger rows by account and month, see ``in_order``. None where there is no such
    account. Accounts with a part below zero, such as a discount on a line of its own, have none:
    it belongs to no segment by itself.
    """
    amount = pl.col("amount")
    # only accounts with two rows in a month can have two values in it
    twice = ordered.filter(pl.struct(_WHERE).is_duplicated()).select("account").unique()
    rows = ordered.join(twice, on="account", how="semi")
    sums = rows.group_by(*_WHERE, *attributes).agg(amount.sum())
    several = (pl.len().over(_WHERE) > 1).any().over("account")
    negative = (amount < 0).any().over("account")
    found = sums.filter(several & ~negative).filter(amount != 0)
    return None if found.is_empty() else found.rename({"amount": "mrr"}).sort(*_WHERE, *attributes)


def split_over(panel: Panel, attributes: Sequence[str]) -> Finding:
    """Say whose MRR is split over the parts of a panel."""
    parts = panel.parts if panel.parts is not None else panel.rows.clear()
    several = parts.filter(pl.len().over(_WHERE) > 1)
    accounts = several["account"].n_unique()
    mrr = (int(f["mrr"].cast(pl.Int128).sum()) for f in (several, panel.rows))
    names = " and ".join(map(unmark, attributes))
    text = (
        f"{count_that(accounts, 'account', 'has', 'have')} several values of {names} in one month"
    )
    text += f" ({float(100 * Fraction(*mrr)):.1f}% of the MRR), split over them: such an account "
    text += "counts once in each and once in the total"
    return Finding("RC891", text)
