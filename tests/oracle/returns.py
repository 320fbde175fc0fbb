"""Losses of accounts and what came back of them, walked month by month. An oracle: see `walk`."""

from collections.abc import Mapping
from dataclasses import dataclass

Cells = Mapping[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Loss:
    """An account that paid the month before and no more; its return if there is one."""

    account: str
    month: int
    mrr: int
    away: int | None = None
    returned_mrr: int = 0


def losses(mrr: Cells, opening: int, closing: int, gap: int | None = None) -> list[Loss]:
    """Every loss in the months after the opening; returns count up to the closing."""
    found = []
    for (account, month), amount in mrr.items():
        lost = month + 1
        if not opening < lost <= closing or mrr.get((account, lost)):
            continue
        away, back = None, 0
        for later in range(lost + 1, closing + 1):
            if mrr.get((account, later)):
                away, back = later - lost, mrr[account, later]
                break
        if gap is not None and away is not None and away > gap:
            away, back = None, 0
        found.append(Loss(account, lost, amount, away, back))
    return found
