"""Lives by the day through the command line, against the day-by-day walk on random exports."""

import os
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from acceptance.inline import write
from helpers import run
from oracle import days, intervals
from oracle.days import Dated, Life
from oracle.panels import month_text

EXPORTS = int(os.environ.get("RETCALC_PANELS", "60"))
ENDS = (30, 90, 180)


def random_rows(rng: random.Random) -> list[Dated]:
    """Rows that overlap, adjoin, leave gaps, live between two month-ends, are free or run on."""
    begin = date(2023, 1, 1) + timedelta(days=rng.randrange(400))
    rows = []
    for number in range(rng.randint(2, 25)):
        start = begin + timedelta(days=rng.randrange(rng.choice([40, 300])))
        rows += random_account(rng, f"a{number:02}", start)
    return list({(row.account, row.start): row for row in rows}.values())  # none stands twice


def random_account(rng: random.Random, account: str, start: date) -> list[Dated]:
    rows = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        length = rng.choice([rng.randint(0, 25), rng.randint(28, 31), rng.randint(32, 400)])
        end = None if rng.random() < 0.3 else start + timedelta(days=length)
        amount, plan = rng.choice([0, 10, 10, 10, 25]), rng.choice(["Basic", "Pro"])
        rows.append(Dated(account, start, end, amount, plan))
        start = (end or start) + timedelta(days=rng.choice([-5, 0, 0, 1, 40]))
    return rows


def exported(rows: list[Dated], folder: Path) -> Path:
    lines = ["customer_id,start_date,end_date,amount,interval,plan"]
    lines += [
        f"{row.account},{row.start},{row.end or ''},{row.amount},month,{row.plan}" for row in rows
    ]
    return write(folder / "subs.csv", lines)


def last_month(rows: list[Dated]) -> int:
    return intervals.last_complete_month(row.start for row in rows)


def asked(seed: int) -> tuple[list[Dated], int]:
    rng = random.Random(seed)
    rows = random_rows(rng)
    return rows, last_month(rows) + rng.choice([0, 0, 1, 9])


def is_asked(seed: int) -> bool:
    """Some row is in force at some month-end up to the closing month, or the export is refused."""
    rows, closing = asked(seed)
    monthly = intervals.monthly(
        [intervals.Subscription(r.account, r.start, r.end, r.amount) for r in rows], closing
    )
    return any(amount > 0 for amount in monthly.values())


SEEDS = [seed for seed in range(2 * EXPORTS) if is_asked(seed)][:EXPORTS]


def answer(command: str, path: Path, *options: str) -> Any:
    return run(command, path, "-f", "json", "--period-end", "exclusive", *options).json


def groups(watched: list[Life], by: bool) -> dict[str, list[Life]]:
    """Lives by plan, and all of them under ""."""
    plans = sorted({one.plan for one in watched}) if by else []
    return {**{p: [one for one in watched if one.plan == p] for p in plans}, "": watched}


def rows_by_plan(rows: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.get("segment", {}).get("plan", ""), []).append(row)
    return found


def check_curves(result: Any, watched: list[Life], unit: str, *, by: bool) -> None:
    found = rows_by_plan(result["rows"])
    for plan, own in groups(watched, by).items():
        expected = days.in_unit(days.kaplan_meier(own), unit)
        curve = found.get(plan, [])
        assert [row["age"] for row in curve] == list(range(len(expected)))
        assert [row["at_risk"] for row in curve] == [age.at_risk for age in expected]
        assert [row["events"] for row in curve] == [age.events for age in expected]
        survival = [float(age.survival) for age in expected]
        assert [row["survival"] for row in curve] == pytest.approx(survival, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_survival(seed: int, tmp_path: Path) -> None:
    """Every age in days, weeks or months, by plan or not, of all lives or those of a window."""
    rng = random.Random(~seed)
    rows, closing = asked(seed)
    path, unit, by = exported(rows, tmp_path), rng.choice([*days.UNITS]), rng.random() < 0.5
    options = [f"--age-unit={unit}", f"--as-of={month_text(closing)}", *(["--by=plan"] * by)]
    first = min(intervals.month_of(row.start) for row in rows)
    opening = None
    if closing > first and rng.random() < 0.4:
        months = rng.randint(1, closing - first)
        options.append(f"--window={months}m")
        opening = days.last_day(closing - months)
    result = answer("survival", path, *options)
    watched = days.lives(rows, days.last_day(closing), opening)
    check_curves(result, watched, unit, by=by)
    assert result["definition"]["grain"] == "day"
    life = rows_by_plan(result["life"])[""][0]
    assert life["accounts"] == len(watched)
    assert life["churned"] == sum(one.ended for one in watched)
    if life["mean_months"] is not None:
        curve = days.kaplan_meier(watched)
        whole = int((len(curve) - 1) / days.MONTH) if curve[-1].survival else 10**4
        assert life["mean_months"] == pytest.approx(float(days.mean_months(curve, whole)), abs=1e-9)
        assert life["horizon_months"] in (None, whole)


@pytest.mark.parametrize("seed", SEEDS)
def test_tenure(seed: int, tmp_path: Path) -> None:
    """Accounts seen and churned in every phase, by plan or not, of all lives or of a window's."""
    rng = random.Random(~seed)
    rows, closing = asked(seed)
    path, by = exported(rows, tmp_path), rng.random() < 0.5
    options = [f"--as-of={month_text(closing)}", *(["--by=plan"] * by)]
    first = min(intervals.month_of(row.start) for row in rows)
    since = None
    if closing > first and rng.random() < 0.4:
        months = rng.randint(1, closing - first)
        options.append(f"--window={months}m")
        since = days.last_day(closing - months)
    ends = rng.choice([ENDS, (7, 30), (1, 2, 365), tuple(sorted(rng.sample(range(1, 300), 3)))])
    options.append(f"--phases={','.join(map(str, ends))}")
    found = rows_by_plan(answer("tenure", path, *options)["rows"])
    watched = days.lives(rows, days.last_day(closing), since=since)
    for plan, own in groups(watched, by).items():
        counts = [(row["entered"], row["churned"]) for row in found[plan]]
        assert counts == days.phases(own, ends)


@pytest.mark.parametrize("seed", SEEDS[::3])
def test_clv(seed: int, tmp_path: Path) -> None:
    """The restricted mean and the mean of completed lives, up to a horizon."""
    rng = random.Random(~seed)
    rows, closing = asked(seed)
    months = rng.randint(1, 30)
    options = [f"--as-of={month_text(closing)}", f"--horizon={months}", "--margin=0.5"]
    path = exported(rows, tmp_path)
    watched = days.lives(rows, days.last_day(closing))
    curve, ended = days.kaplan_meier(watched), [one.leave for one in watched if one.ended]
    if not ended:
        return
    whole = int((len(curve) - 1) / days.MONTH) if curve[-1].survival else 10**4
    row = answer("clv", path, *options)["rows"][-1]
    if min(whole, months):
        mean = float(days.mean_months(curve, min(whole, months)))
        assert row["lifespan_months"] == pytest.approx(mean, abs=1e-9)
    row = answer("clv", path, *options, "--lifespan=observed")["rows"][-1]
    mean = sum(min(leave, months * days.MONTH) for leave in ended) / len(ended) / days.MONTH
    assert row["lifespan_months"] == pytest.approx(float(mean), abs=1e-9)
