"""A start far behind the others is a slip or a plan: it is named and sets no window."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import Run, run


def closed(folder: Path, others: int, far: str) -> tuple[str, Run]:
    """The last month of rows that start month by month up to 2024-12, and of one row more."""
    starts = [f"2024-{13 - n:02}-28" for n in range(others, 1, -1)]
    rows = [f"a{n},{day},50" for n, day in enumerate([*starts, "2024-12-31", far])]
    (folder / "data.csv").write_text("\n".join(["account,start_date,mrr", *rows]) + "\n")
    done = run("movements", "data.csv", "-f", "json", cwd=folder)
    return done.json["rows"][-1]["month"], done


def test_more_than_a_year_behind_ten_rows_sets_no_window(tmp_path: Path) -> None:
    month, done = closed(tmp_path, 10, "2026-01-31")
    assert month == "2024-12"
    said = "RC860: 1 start lies far behind the others, which end in 2024-12, and sets no window"
    assert said in done.stderr


@pytest.mark.parametrize(("day", "gap"), [("2025-03-31", 3), ("2025-12-31", 12)])
def test_a_nearer_one_is_named_and_may_be_the_newest_sale(
    tmp_path: Path, day: str, gap: int
) -> None:
    month, done = closed(tmp_path, 10, day)
    assert month == day[:7]
    said = f"1 start lies {gap} months behind the others, which end in 2024-12, and sets the window"
    assert f"RC860: {said}" in done.stderr


def test_starts_of_the_next_months_say_nothing(tmp_path: Path) -> None:
    month, done = closed(tmp_path, 10, "2025-02-28")
    assert (month, "RC860" in done.stderr) == ("2025-02", False)


def test_among_few_rows_a_year_between_starts_is_common(tmp_path: Path) -> None:
    month, done = closed(tmp_path, 4, "2026-01-31")
    assert (month, "RC860" in done.stderr) == ("2026-01", False)
