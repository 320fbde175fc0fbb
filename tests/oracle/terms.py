"""Terms of contracts and what renews them, pair by pair. An oracle: see `walk`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from oracle.days import Dated


@dataclass(slots=True)
class End:
    """All terms of an account that end on one day, and the terms that renew them."""

    account: str
    end: date
    due: int = 0
    began: date = date.max
    plan: tuple[int, date, str] = (0, date.max, "")
    followed: list[tuple[date, int]] = field(default_factory=list)

    @property
    def renewed(self) -> int:
        return sum(amount for _, amount in self.followed)

    def status(self, late: int, closing: date) -> str:
        if self.followed:
            first = min(day for day, _ in self.followed)
            return "early" if first < self.end else "on time" if first == self.end else "late"
        return "open" if (closing - self.end).days < late else "lost"


def ends(rows: Iterable[Dated], early: int, late: int) -> list[End]:
    """Every end of terms with what renews it; each term renews the nearest end that it can."""
    sums: dict[tuple[str, date, date | None], int] = {}
    plans: dict[tuple[str, date, date | None], list[tuple[int, str]]] = {}
    for row in rows:
        key = (row.account, row.start, row.end)
        sums[key] = sums.get(key, 0) + row.amount
        plans.setdefault(key, []).append((-row.amount, row.plan))
    terms = {k: v for k, v in sums.items() if v > 0 and (k[2] is None or k[2] > k[1])}
    found: dict[tuple[str, date], End] = {}
    for (account, start, end), amount in terms.items():
        if end is None:
            continue
        one = found.setdefault((account, end), End(account, end))
        one.due += amount
        one.began = min(one.began, start)
        one.plan = min(one.plan, (-amount, start, min(plans[account, start, end])[1]))
    for (account, start, end), amount in terms.items():
        can = []
        for one in found.values():
            gap = (start - one.end).days
            runs_on = end is None or end > one.end
            if one.account == account and -early <= gap <= late and one.began < start and runs_on:
                can.append((abs(gap), one.end, one))
        if can:
            min(can, key=lambda c: c[:2])[2].followed.append((start, amount))
    return list(found.values())
