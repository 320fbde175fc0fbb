"""Parts of account-months: the MRR of accounts that have several segments at once, by segment."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

_WHERE = ["account", "month"]


def parts_of(ordered: pl.DataFrame, attributes: Sequence[str]) -> pl.DataFrame | None:
    """MRR by account, month and attributes of the accounts that have several of these in a month.

    ``ordered``: ledger rows by account and month, see ``in_order``. None where there is no such
    account. Accounts with a part below zero, such as a discount on a line of its own, have none:
    it belongs to no segment by itself.
    """
    if not attributes:
        return None
    amount = pl.col("amount")
    # only accounts with two rows in a month can have two values in it
    twice = ordered.filter(pl.struct(_WHERE).is_duplicated()).select("account").unique()
    rows = ordered.join(twice, on="account", how="semi")
    sums = rows.group_by(*_WHERE, *attributes).agg(amount.sum())
    several = (pl.len().over(_WHERE) > 1).any().over("account")
    negative = (amount < 0).any().over("account")
    found = sums.filter(amount != 0).filter(several & ~negative)
    return None if found.is_empty() else found.rename({"amount": "mrr"}).sort(*_WHERE, *attributes)
