"""How unevenly the MRR of one month lies over accounts: sums over accounts in order of size."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """One group of accounts at one month-end, money in integer units.

    ``ranked``: sum of rank times MRR, rank 1 the smallest; ``top_fifth``: MRR of the largest 20%,
    a part of an account counted as a whole one; ``top``: (account code, MRR), largest first;
    ``lorenz``: ten times the MRR of the smallest 0%, 10%, … 100% of accounts, where a share of
    accounts that ends within an account takes that part of it.
    """

    accounts: int = 0
    mrr: int = 0
    ranked: int = 0
    top_fifth: int = 0
    top: tuple[tuple[int, int], ...] = ()
    lorenz: tuple[int, ...] = (0,) * (TENTHS + 1)


def month_sizes(rows: pl.DataFrame, top: int) -> dict[int, Sizes]:
    """Sizes per segment of the rows of a month, with the ``top`` largest accounts.

    ``rows``: account, mrr > 0, seg. Accounts of the same MRR stand in order of their code.
    """
    inside = rows.filter(pl.col("seg") >= 0)
    inside = inside.select("account", "seg", pl.col("mrr").cast(pl.Int128))
    groups = inside.sort("mrr", "account", descending=[False, True]).partition_by(
        "seg", as_dict=True, maintain_order=True
    )
    return {int(seg): _sizes(group, top) for (seg,), group in sorted(groups.items())}


def _sizes(group: pl.DataFrame, top: int) -> Sizes:
    """Sum a group sorted from the smallest account to the largest."""
    amounts, count = group["mrr"], group.height
    below = pl.concat([pl.Series([0], dtype=pl.Int128), amounts.cum_sum()])
    rank = pl.int_range(1, count + 1, dtype=pl.Int128, eager=True)
    lorenz = []
    for tenth in range(TENTHS + 1):
        whole, part = divmod(count * tenth, TENTHS)
        lorenz.append(TENTHS * below[whole] + (part * amounts[whole] if part else 0))
    largest = group.select("account", "mrr").tail(top).reverse()
    return Sizes(
        accounts=count,
        mrr=below[count],
        ranked=int((rank * amounts).sum()),
        top_fifth=below[count] - below[count - (count + 4) // 5],
        top=tuple(largest.rows()),
        lorenz=tuple(lorenz),
    )
