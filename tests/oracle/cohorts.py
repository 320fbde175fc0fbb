"""Cohort triangle, walked account by account. An oracle: see `walk`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from oracle.walk import Amount, Panel

SHARES = {
    "account_retention": ("accounts", "initial_accounts"),
    "net_mrr_retention": ("mrr", "initial_mrr"),
    "gross_mrr_retention": ("gross_mrr", "initial_mrr"),
}


@dataclass(slots=True)
class Cell:
    """One cohort (month of the first payment) at one age in months."""

    cohort: int
    age: int
    accounts: int = 0
    mrr: Amount = 0
    gross_mrr: Amount = 0
    initial_accounts: int = 0
    initial_mrr: Amount = 0

    def share(self, name: str) -> Fraction:
        top, low = SHARES[name]
        return Fraction(getattr(self, top), getattr(self, low))


def triangle(mrr: Panel, last: int) -> list[Cell]:
    """Every cell up to the last month, by cohort and age; later cells do not exist."""
    paid: dict[str, dict[int, Amount]] = defaultdict(dict)
    for (account, month), amount in mrr.items():
        if amount > 0 and month <= last:
            paid[account][month] = amount
    cells: dict[tuple[int, int], Cell] = {}
    for months in paid.values():
        cohort = min(months)
        lowest = months[cohort]
        for age in range(last - cohort + 1):
            amount = months.get(cohort + age, 0)
            lowest = min(lowest, amount)
            cell = cells.setdefault((cohort, age), Cell(cohort, age))
            cell.accounts += amount > 0
            cell.mrr += amount
            cell.gross_mrr += lowest
            cell.initial_accounts += 1
            cell.initial_mrr += months[cohort]
    return [cells[key] for key in sorted(cells)]


def average(
    cells: Sequence[Cell], share: str, how: Literal["weighted", "simple"] = "weighted"
) -> dict[int, Fraction]:
    """The average share of each age over the cohorts that are old enough."""
    by_age: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_age[cell.age].append(cell)
    if how == "simple":
        return {
            age: sum((c.share(share) for c in group), Fraction(0)) / len(group)
            for age, group in by_age.items()
        }
    top, low = SHARES[share]
    return {
        age: Fraction(sum(getattr(c, top) for c in group), sum(getattr(c, low) for c in group))
        for age, group in by_age.items()
    }
