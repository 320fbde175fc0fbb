"""Sorts ledger rows and adds them up to a panel of account-months."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from retcalc.book.columns.column_names import unmark
from retcalc.core.findings import Finding
from retcalc.core.speed.packed_sort import packed_sort
from retcalc.read.wording import count_that, counted


def in_order(rows: pl.DataFrame, who: str, attributes: Sequence[str]) -> pl.DataFrame:
    """Ledger rows by ``who`` (account or member) and month: those two, amount, ``attributes``."""
    return packed_sort(rows.select(who, "month", "amount", *attributes), who, "month")


def repeats(ordered: pl.DataFrame, who: str) -> bool:
    """Tell whether two ordered rows share ``who`` and month."""
    same = (pl.col(name) == pl.col(name).shift(1) for name in (who, "month"))
    return bool(ordered.lazy().select(pl.all_horizontal(same).any()).collect().item())


def panel_of(
    ordered: pl.DataFrame, attributes: Sequence[str]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Sum ordered rows to one per account and month, as mrr > 0, and keep the order."""
    rows = ordered.rename({"amount": "mrr"})
    notes: list[Finding] = []
    if repeats(rows, "account"):
        rows, notes = _summed(rows, attributes)
    notes = [*below_zero(int((rows["mrr"] < 0).sum())), *notes]
    return rows.filter(pl.col("mrr") > 0), notes


def below_zero(account_months: int) -> list[Finding]:
    """Say how many account-months add up to less than zero."""
    if not account_months:
        return []
    adds = count_that(account_months, "account-month", "adds", "add")
    return [Finding("RC840", f"{adds} up to less than zero: not active")]


def _summed(rows: pl.DataFrame, attributes: Sequence[str]) -> tuple[pl.DataFrame, list[Finding]]:
    """Add up rows of one account and month; an attribute is that of the largest amount."""
    mrr, keys = pl.col("mrr"), ["account", "month"]
    largest = [pl.col(a).sort_by(["mrr", a], descending=[True, False]).first() for a in attributes]
    # what an account pays under its largest value, to weigh what stands under another one
    top = [
        mrr.filter(pl.col(a).eq_missing(first)).sum().alias(f"under {a}")
        for a, first in zip(attributes, largest, strict=True)
    ]
    mixed = [(pl.col(a).n_unique() > 1).alias(f"mixed {a}") for a in attributes]
    summed = rows.group_by(keys).agg(mrr.sum(), *largest, *mixed, *top)
    notes = [f for a in attributes if (f := _several(summed.filter(mrr > 0), a)) is not None]
    return summed.select(rows.columns).sort(keys), notes


def _several(summed: pl.DataFrame, attribute: str) -> Finding | None:
    """Say how many account-months hold several values, and how much MRR counts under another."""
    mixed = summed.filter(pl.col(f"mixed {attribute}"))
    if mixed.is_empty():
        return None
    apart = mixed.select((pl.col("mrr") - pl.col(f"under {attribute}")).cast(pl.Int128).sum())
    share = Fraction(int(apart.item()), int(summed["mrr"].cast(pl.Int128).sum()))
    text = f"{count_that(mixed.height, 'account-month', 'holds', 'hold')} several values of "
    text += f"{unmark(attribute)}; the largest amount's counts: "
    text += f"{counted(mixed['account'].n_unique(), 'account')}, "
    return Finding("RC845", f"{text}{float(100 * share):.1f}% of the MRR is under another value")


def pauses(rows: pl.DataFrame) -> tuple[int, int]:
    """Accounts that miss months between their first and their last row, and those months."""
    account, month = pl.col("account"), pl.col("month")
    missed = pl.when(account == account.shift(1)).then(month - month.shift(1) - 1)
    found = rows.lazy().select(account, missed=missed).filter(pl.col("missed") > 0).collect()
    return found["account"].n_unique(), int(found["missed"].sum())


def missing_months(accounts: int, missing: int, rule: str) -> list[Finding]:
    """A note on the months without a row between an account's first and last one."""
    if not missing:
        return []
    text = f"{count_that(accounts, 'account', 'misses', 'miss')} {counted(missing, 'month')}"
    text += " inside a life; counted as zero"
    return [Finding("RC847", text, as_error=rule == "refuse")]
