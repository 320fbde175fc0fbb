"""Times with a zone in Parquet count on the day they have there; a zone that cannot act is refused.

The first account begins at 23:30 of 31 January in New York, which is 1 February in UTC.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from helpers import run

LATE = [datetime(2024, 1, 31, 23, 30), datetime(2024, 2, 10, 12)]


def parquet(path: Path, zone: str | None, unit: str = "us") -> Path:
    times = [t.replace(tzinfo=ZoneInfo("America/New_York")) for t in LATE] if zone else LATE
    kind = pl.Datetime(unit, zone)  # type: ignore[arg-type]
    starts = pl.Series(times, dtype=kind)
    ends = pl.Series([None, None], dtype=kind)
    frame = pl.DataFrame({"account": ["a", "b"], "start": starts, "end": ends, "mrr": [100, 50]})
    frame.write_parquet(path)
    return path


def months(path: Path, *args: str) -> dict[str, str]:
    done = run("movements", path, "--as-of", "2024-02", "-f", "json", *args)
    assert done.exit_code == 0, done.stderr
    return {row["month"]: row["closing_mrr"] for row in done.json["rows"]}


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize(
    ("zone", "january"),
    [("America/New_York", True), ("America/Chicago", True), ("UTC", False), ("Asia/Tokyo", False)],
)
def test_a_time_counts_on_its_day_in_its_zone(
    tmp_path: Path, unit: str, zone: str, january: bool
) -> None:
    expected = {"2024-01": "100.00"} if january else {}
    path = parquet(tmp_path / "d.parquet", zone, unit)
    assert months(path) == {**expected, "2024-02": "150.00"}
    done = run("movements", path)
    assert f"timestamps count on the day they have in {zone}" in done.stdout


def test_another_zone_can_be_named(tmp_path: Path) -> None:
    path = parquet(tmp_path / "d.parquet", "America/New_York")
    assert months(path, "--timezone", "UTC") == {"2024-02": "150.00"}
    path = parquet(tmp_path / "u.parquet", "UTC")
    named = months(path, "--timezone", "America/New_York")
    assert named == {"2024-01": "100.00", "2024-02": "150.00"}


PANEL = "account,month,mrr\na,{0}-01-31{1},10\na,{0}-02-29{1},12\n"


@pytest.mark.parametrize("time", ["", " 23:30:00"])
def test_a_zone_that_cannot_act_is_refused(tmp_path: Path, time: str) -> None:
    path = tmp_path / "d.csv"
    path.write_text(PANEL.format("2024", time))
    done = run("movements", path, "--timezone", "Asia/Tokyo")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC179: the time zone cannot act" in done.stderr
    assert "fix    leave out --timezone" in done.stderr
    assert run("movements", path).exit_code == 0


def test_a_zone_that_cannot_act_on_parquet(tmp_path: Path) -> None:
    done = run("movements", parquet(tmp_path / "d.parquet", None), "--timezone", "Asia/Tokyo")
    assert (done.exit_code, "error RC179" in done.stderr) == (2, True)


def test_a_zone_of_the_config_is_for_files_of_every_kind(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(PANEL.format("2024", ""))
    (tmp_path / "retcalc.yaml").write_text("dates: {timezone: Asia/Tokyo}\n")
    assert run("movements", "d.csv", cwd=tmp_path).exit_code == 0


@pytest.mark.parametrize("stamp", ["T23:30:00-05:00", "T23:30:00Z"])
def test_a_zone_acts_on_texts_that_carry_one(tmp_path: Path, stamp: str) -> None:
    path = tmp_path / "d.csv"
    path.write_text(PANEL.format("2024", stamp))
    assert run("movements", path, "--timezone", "UTC").exit_code == 0
