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


@pytest.mark.parametrize(("far", "last"), [("2026-01-31", "2024-12"), ("2025-12-31", "2025-12")])
def test_more_than_a_year_behind_ten_rows_is_far(tmp_path: Path, far: str, last: str) -> None:
    month, done = closed(tmp_path, 10, far)
    assert month == last
    said = "RC860: 1 start lies far behind the others, which end in 2024-12" in done.stderr
    assert said == (last == "2024-12")


def test_among_few_rows_a_year_between_starts_is_common(tmp_path: Path) -> None:
    month, done = closed(tmp_path, 4, "2026-01-31")
    assert (month, "RC860" in done.stderr) == ("2026-01", False)
