"""A start or row far after the others is a slip or a plan: it is named and sets no window."""

from __future__ import annotations

from datetime import date, timedelta
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


@pytest.mark.parametrize(("day", "gap"), [("2025-03-31", 3), ("2025-12-31", 12)])
def test_in_a_small_file_a_nearer_one_is_named_and_may_be_the_newest_sale(
    tmp_path: Path, day: str, gap: int
) -> None:
    month, done = closed(tmp_path, 10, day)
    assert month == day[:7]
    said = f"1 start lies {gap} months after the others, which end in 2024-12; it sets the window"
    assert f"RC860: {said}" in done.stderr
    assert "--as-of 2024-12   if that is the last month" in done.stderr


@pytest.mark.parametrize("far", ["2026-01-31", "2052-01-01"])
def test_one_among_ten_sets_no_window(tmp_path: Path, far: str) -> None:
    month, done = closed(tmp_path, 10, far)
    assert month == "2024-12"
    said = (
        "RC860: 1 start lies far after the others, which end in 2024-12; it sets no window: 1 row"
    )
    assert f"{said} of 1 account (9.1%), 50.00 of 550.00 (9.1%)" in done.stderr
    assert f"--as-of {far[:7]}   if it is right" in done.stderr


def test_starts_of_the_next_months_say_nothing(tmp_path: Path) -> None:
    month, done = closed(tmp_path, 10, "2025-02-28")
    assert (month, "RC860" in done.stderr) == ("2025-02", False)


def test_among_many_rows_an_empty_month_is_enough(tmp_path: Path) -> None:
    days = [date(2024 + m // 12, m % 12 + 1, 1) - timedelta(days=1) for m in range(1, 13)]
    rows = [f"a{n},{days[n % 12]},50" for n in range(120)]
    for day, closing in (("2025-01-31", "2025-01"), ("2025-02-28", "2024-12")):
        text = "\n".join(["account,start_date,mrr", *rows, f"late,{day},50"])
        (tmp_path / "data.csv").write_text(text)
        done = run("movements", "data.csv", "-f", "json", cwd=tmp_path)
        assert done.json["rows"][-1]["month"] == closing


def test_among_few_rows_a_year_between_starts_is_common(tmp_path: Path) -> None:
    month, done = closed(tmp_path, 4, "2026-01-31")
    assert (month, "RC860" in done.stderr) == ("2026-01", False)


PANEL = "account,month,mrr\na,2025-01,100\nb,2025-01,50\na,2025-02,100\nb,2025-02,50\na,2052-02,7\n"


@pytest.mark.parametrize("shape", ["long", "payments"])
def test_a_row_of_a_panel_far_after_the_others_sets_no_window(tmp_path: Path, shape: str) -> None:
    (tmp_path / "data.csv").write_text(PANEL)
    done = run("movements", "data.csv", "--shape", shape, "-f", "json", cwd=tmp_path)
    assert [(r["month"], r["closing_mrr"]) for r in done.json["rows"]] == [
        ("2025-01", "150.00"),
        ("2025-02", "150.00"),
    ]
    said = "1 row lies far after the others, which end in 2025-02; it sets no window"
    assert f"RC860: {said}" in done.stderr
    asked = run("movements", "data.csv", "--as-of", "2025-02", "-f", "json", cwd=tmp_path)
    assert asked.json["rows"][-1]["month"] == "2025-02"
    fix = ("--as-of", "2052-02", "--allow-empty-months")
    whole = run("movements", "data.csv", *fix, "-f", "json", cwd=tmp_path).json["rows"]
    assert (whole[-1]["month"], whole[-1]["closing_mrr"]) == ("2052-02", "7.00")


def test_a_column_far_after_the_others_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(
        "account,2025-01,2025-02,2035-12\na,100,100,100\nb,50,60,1\n"
    )
    refused = run("movements", "data.csv", cwd=tmp_path)
    assert refused.exit_code == 3
    assert "2035-12 stands far after the others" in refused.stderr
    assert "--as-of 2025-02   leaves it out" in refused.stderr
    rows = run("movements", "data.csv", "--as-of", "2025-02", "-f", "json", cwd=tmp_path).json[
        "rows"
    ]
    assert [r["closing_mrr"] for r in rows] == ["150.00", "160.00"]
