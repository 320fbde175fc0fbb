"""Random panels with everything that makes retention hard, and the files that hold them.

Gaps, returns, one-month lives, explicit zero rows, single customers, cents and amounts near the
largest that are read, segments that stay and segments that change.
"""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from oracle.intervals import MONTHS_OF, Subscription, last_day
from oracle.walk import Segment

LARGEST = 10**15 - 1
"""Minor units: 13 digits before the decimal mark."""

DIMS = ("plan", "region")
VALUES = (("Basic", "Pro", "Enterprise"), ("EU", "US"))
STYLES = ("plain", "plain", "plain", "dust", "huge", "flat")
IDS = ("007", "7", "Zoë", "a b", "x,y", 'quo"te', "1e5", "NA", "true", "0")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the export: an amount in minor units, zero where the export says zero."""

    account: str
    month: int
    minor: int
    segment: Segment


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of account months; every month from the first to the last has a row."""

    rows: tuple[Row, ...]
    dims: tuple[str, ...] = DIMS

    @property
    def first(self) -> int:
        return min(row.month for row in self.rows)

    @property
    def last(self) -> int:
        return max(row.month for row in self.rows)

    @property
    def mrr(self) -> dict[tuple[str, int], int]:
        return {(row.account, row.month): row.minor for row in self.rows if row.minor}

    def segments(self, by: Sequence[str] = DIMS) -> dict[tuple[str, int], Segment]:
        """The segment of every account month with money, by some of the columns."""
        places = [self.dims.index(name) for name in by]
        return {
            (row.account, row.month): tuple(row.segment[i] for i in places)
            for row in self.rows
            if row.minor
        }


def random_panel(seed: int) -> Panel:
    """The panel of a seed: 1 to 16 accounts over 2 to 30 months."""
    rng = random.Random(seed)
    first = 12 * rng.randint(2015, 2025) + rng.randrange(12)
    length = rng.choice((2, 3, rng.randint(4, 12), rng.randint(13, 30)))
    accounts = rng.choice((1, rng.randint(2, 5), rng.randint(5, 16)))
    style, changing = rng.choice(STYLES), rng.random() < 0.5
    names = rng.sample(IDS, min(accounts, 3)) + [f"acc-{i}" for i in range(3, accounts)]
    rows = []
    for name in names:
        segment = _segment(rng)
        months = _life(rng, length)
        level = _amount(rng, style)
        for offset in range(length):
            if changing and rng.random() < 0.15:
                segment = _segment(rng)
            if style != "flat" and rng.random() < 0.3:
                level = _amount(rng, style)
            if offset in months:
                rows.append(Row(name, first + offset, level, segment))
            elif rng.random() < 0.1:
                rows.append(Row(name, first + offset, 0, segment))
    covered = {row.month for row in rows}
    for month in range(first, first + length):
        if month not in covered:
            rows.append(Row(names[0], month, 0, _segment(rng)))
    rng.shuffle(rows)
    return Panel(tuple(rows))


def _segment(rng: random.Random) -> Segment:
    return tuple(rng.choice(values) for values in VALUES)


def _amount(rng: random.Random, style: str) -> int:
    ranges = {"dust": (1, 3), "huge": (LARGEST - 5, LARGEST), "flat": (3900, 3900)}
    return rng.randint(*ranges.get(style, (1, 500_00)))


def _life(rng: random.Random, length: int) -> set[int]:
    """The months with money: steady, one month, an end, a return, or any."""
    start, stop = sorted((rng.randrange(length), rng.randrange(length)))
    match rng.choice(("steady", "steady", "single", "ends", "starts", "returns", "any", "never")):
        case "steady":
            return set(range(length))
        case "single":
            return {start}
        case "ends":
            return set(range(start + 1))
        case "starts":
            return set(range(start, length))
        case "returns":
            return set(range(start)) | set(range(stop, length))
        case "any":
            return {t for t in range(length) if rng.random() < 0.6}
        case _:
            return set()


@st.composite
def panels(draw: st.DrawFn, max_accounts: int = 4, max_months: int = 7) -> Panel:
    """Small panels for property tests, shrinking towards few accounts, months and cents."""
    length = draw(st.integers(2, max_months))
    cell = st.none() | st.integers(0, 4) | st.integers(LARGEST - 2, LARGEST)
    segment = st.tuples(*(st.sampled_from(values) for values in VALUES))
    first = 12 * 2024
    rows = [Row("a0", month, 0, ("Basic", "EU")) for month in range(first, first + length)]
    for number in range(1, draw(st.integers(1, max_accounts)) + 1):
        for month in range(first, first + length):
            minor = draw(cell)
            if minor is not None:
                rows.append(Row(f"a{number}", month, minor, draw(segment)))
    return Panel(tuple(rows))


def month_text(month: int) -> str:
    """`YYYY-MM` of a month number."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def money_text(minor: int) -> str:
    """Minor units as a plain decimal with two places."""
    return f"{minor // 100}.{minor % 100:02}"


def write_panel(panel: Panel, path: Path, day: str = "") -> Path:
    """Write the long shape: account_id, month, mrr and the segment columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("account_id", "month", "mrr", *panel.dims))
        for r in panel.rows:
            out.writerow((r.account, month_text(r.month) + day, money_text(r.minor), *r.segment))
    return path


def subscriptions(panel: Panel, seed: int) -> list[Subscription]:
    """Subscriptions whose monthly revenue is the panel: one per run of a constant amount.

    Starts fall on any day of the first month, ends on any day of the month after the last one; some
    runs are two subscriptions at once. Amounts are per month, quarter or year.
    """
    rng = random.Random(seed)
    made = []
    for account, start, stop, minor in _runs(panel):
        for part in _split(rng, minor):
            unit = rng.choice(("month", "quarter", "year")) if part < 10**9 else "month"
            end = _day(rng, stop + 1) if stop < panel.last or rng.random() < 0.3 else None
            amount = part * MONTHS_OF[unit] / 100
            made.append(Subscription(account, _day(rng, start), end, amount, unit))
    rng.shuffle(made)
    return made


def _runs(panel: Panel) -> list[tuple[str, int, int, int]]:
    """Account, first month, last month and amount of every stretch without a change."""
    runs: list[tuple[str, int, int, int]] = []
    for (account, month), minor in sorted(panel.mrr.items()):
        if runs and runs[-1][0] == account and runs[-1][2:] == (month - 1, minor):
            runs[-1] = (account, runs[-1][1], month, minor)
        else:
            runs.append((account, month, month, minor))
    return runs


def _split(rng: random.Random, minor: int) -> list[int]:
    if minor < 2 or rng.random() < 0.7:
        return [minor]
    part = rng.randint(1, minor - 1)
    return [part, minor - part]


def _day(rng: random.Random, month: int) -> date:
    end = last_day(month)
    return rng.choice((end, end.replace(day=1), end - timedelta(days=rng.randrange(28))))


def write_subscriptions(made: Sequence[Subscription], path: Path) -> Path:
    """Write the interval shape: customer_id, start_date, end_date, amount, interval."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("customer_id", "start_date", "end_date", "amount", "interval"))
        for sub in made:
            end = "" if sub.end is None else sub.end.isoformat()
            money = money_text(int(Fraction(sub.amount) * 100))
            out.writerow((sub.account, sub.start.isoformat(), end, money, sub.interval))
    return path
