"""Rows that do not count: how many rows and accounts, how much money, and when that is too much.

Whoever leaves rows out weighs them here, so that every note says the same three things and one
limit (``--left-out``) holds for all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from math import ceil
from operator import and_, or_

import polars as pl

from retcalc.book.rules import AmountRules
from retcalc.book.values.money import parse_amounts
from retcalc.core.findings import Finding, LeftOut
from retcalc.read import Table
from retcalc.read.wording import counted


@dataclass(frozen=True, slots=True)
class Scales:
    """What rows are weighed with: the columns of accounts and of amounts (none without money)."""

    account: str
    money_in: tuple[str, ...]
    amounts: AmountRules

    def without(
        self, table: Table, out: pl.Series, note: Finding, *, limited: bool = True
    ) -> Finding:
        """A note about the rows of ``out`` (a mask over the table), with what they weigh."""
        gone, rest = table.filter(out), table.filter(~out)
        named = _ids(gone, self.account)
        alone = len(named - _ids(rest, self.account))
        dark = gone.filter(self._unreadable(gone))
        unknown = dark.frame.height, len(_ids(dark, self.account))
        out_of = gone.frame.height, len(named), alone, self.money(gone), limited
        return replace(note, left_out=LeftOut(*out_of, *unknown))

    def _unreadable(self, table: Table) -> pl.Series:
        """Mark the rows with an amount that cannot be read, or with none at all."""
        read = [parse_amounts(table.column(c), self.amounts, 2) for c in self.money_in]
        nobody = pl.repeat(value=False, n=table.frame.height, dtype=pl.Boolean, eager=True)
        blank = reduce(and_, (r.blank for r in read)) if read else nobody
        return reduce(or_, (r.bad for r in read), blank)

    def money(self, table: Table) -> Fraction | None:
        """All amounts without their signs, in major units; what is no number weighs nothing."""
        if not self.money_in:
            return None
        read = [parse_amounts(table.column(c), self.amounts, 2) for c in self.money_in]
        sums = (Fraction(int(r.units.cast(pl.Int128).abs().sum()), 10**r.scale) for r in read)
        return sum(sums, Fraction(0))

    def paying(self, table: Table) -> pl.Series:
        """Mark the rows with any amount but zero; all of them where there is no money."""
        read = [parse_amounts(table.column(c), self.amounts, 2).units != 0 for c in self.money_in]
        everyone = pl.repeat(value=not read, n=table.frame.height, dtype=pl.Boolean, eager=True)
        return reduce(or_, read, everyone)

    def accounts(self, table: Table) -> int:
        """Accounts that a table names."""
        return len(_ids(table, self.account))


def _ids(table: Table, column: str) -> set[str]:
    return set(table.text(column).unique())


def weight(out: LeftOut, accounts: int, money: Fraction | None) -> str:
    """Rows, accounts and money in words, as shares of the whole."""
    text = f"{counted(out.rows, 'row')} of {counted(out.accounts, 'account')}"
    text += f" ({percent(Fraction(out.accounts, accounts))})"
    if out.amount is not None and money and (out.amount or not out.unweighed):
        text += f", {_money(out.amount)} of {_money(money)} ({percent(out.amount / money)})"
    if out.unweighed:
        text += f", amount unknown in {counted(out.unweighed, 'row')}"
    return text


def share_of(weighed: Sequence[LeftOut], accounts: int, money: Fraction | None) -> Fraction:
    """The greater share of what is left out: of the money, or of accounts.

    Accounts count of which nothing is left, or whose money nobody can read.
    """
    share = Fraction(sum(max(w.gone, w.unknown) for w in weighed), accounts)
    if not money:
        return share
    return max(share, sum((w.amount or Fraction(0) for w in weighed), Fraction(0)) / money)


def settle(
    findings: Sequence[Finding], scales: Scales, whole: Table, limit: Fraction
) -> list[Finding]:
    """Word what was left out as shares of the whole export, and refuse more than the limit.

    Gives the findings in order, those with ``left_out`` ending in rows, accounts and money; and
    an error RC251 behind them where the limited ones together exceed ``limit`` of the money or
    of the accounts, counting those of which nothing is left or whose money is not known.
    """
    weighed = [f.left_out for f in findings if f.left_out is not None and f.left_out.rows]
    if not weighed:
        return list(findings)
    accounts, money = max(scales.accounts(whole), 1), scales.money(whole)
    worded = [
        f if f.left_out is None else _worded(f, f.left_out, accounts, money) for f in findings
    ]
    share = share_of([w for w in weighed if w.limited], accounts, money)
    return worded if share <= limit else [*worded, _too_much(worded, share, limit)]


def _worded(finding: Finding, out: LeftOut, accounts: int, money: Fraction | None) -> Finding:
    text = weight(out, accounts, money)
    return replace(finding, message=f"{finding.message}: {text}")


def _too_much(findings: Sequence[Finding], share: Fraction, limit: Fraction) -> Finding:
    limited = [f for f in findings if f.left_out is not None and f.left_out.limited]
    heaviest = max(limited, key=_amount)
    ways = [f.fix for f in limited if f.fix]
    return replace(
        heaviest,
        code="RC251",
        message=f"{percent(share)} of the export does not count, more than {percent(limit)}",
        value="; ".join(f.message for f in limited),
        fix="   or  ".join([*ways, f"--left-out {ceil(share * 100)}%"]),
        left_out=None,
    )


def _amount(finding: Finding) -> Fraction:
    return (finding.left_out and finding.left_out.amount) or Fraction(0)


def _money(amount: Fraction) -> str:
    """An amount in major units, half-up to cents; for messages only."""
    cents = (amount * 200 + 1) // 2
    return f"{cents // 100:,}.{cents % 100:02d}"


def percent(share: Fraction) -> str:
    """A share for a message, half-up to tenths of a percent."""
    tenths = (share * 2000 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"
