"""When dated rows end: words for no end, last days, pauses, far starts; worked by hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from helpers import Run, run

OPEN = [
    *("", "0", "NULL", "None", "NaT", "nan", "\\N", "n/a", "N/A", "-", "--", "ongoing", "Current"),
    *("present", "9999-12-31", "9999-12-31 23:59:59", "2999-12-31", "0000-00-00", "active", "now"),
    *("until cancelled", "never", "2099-12-31"),
]

CONTIGUOUS = """customer_id,subscription_id,start_date,end_date,mrr
A,s1,2025-01-01,2025-03-31,100
A,s2,2025-04-01,,150
B,s3,2025-01-01,2025-01-31,50
B,s4,2025-02-01,,50
C,s5,2025-01-15,2025-05-31,80
E,s6,2025-06-01,,10
"""


def answer(folder: Path, text: str, *args: str) -> Run:
    (folder / "subs.csv").write_text(text)
    return run("movements", "subs.csv", "-f", "json", *args, cwd=folder)


def closings(done: Run) -> dict[str, str]:
    assert done.exit_code == 0, done.stderr
    return {row["month"]: row["closing_mrr"] for row in json.loads(done.stdout)["rows"]}


@pytest.mark.parametrize("word", OPEN)
def test_a_word_for_no_end(tmp_path: Path, word: str) -> None:
    """A and C run on, B leaves in March: 150, 150, 100, 170."""
    rows = f"A,2025-01-05,{word},100\nB,2025-01-10,2025-03-15,50\nC,2025-04-02,{word},70\n"
    done = answer(tmp_path, f"customer_id,start_date,end_date,mrr\n{rows}D,2025-05-01,,5\n")
    assert list(closings(done).values()) == ["150.00", "150.00", "100.00", "170.00"]
    assert ("note RC863" in done.stderr) == bool(word)


def test_ends_followed_the_day_after_are_last_days(tmp_path: Path) -> None:
    """No gap for B in January, none for A in March; C still pays on 31 May: 230, 230, 230, 280."""
    done = answer(tmp_path, CONTIGUOUS)
    assert list(closings(done).values()) == ["230.00", "230.00", "230.00", "280.00", "280.00"]
    assert (
        "the day of end_date belongs to the row: the next row starts the day after" in done.stderr
    )


def test_ends_followed_on_that_day_are_not(tmp_path: Path) -> None:
    text = CONTIGUOUS.replace("2025-03-31", "2025-04-01").replace("2025-01-31", "2025-02-01")
    assert list(closings(answer(tmp_path, text)).values())[-1] == "200.00"  # C has gone on 31 May


def test_ends_that_vote_both_ways_are_asked_about(tmp_path: Path) -> None:
    text = CONTIGUOUS.replace("2025-01-31", "2025-02-01")
    done = answer(tmp_path, text)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC253" in done.stderr
    assert closings(answer(tmp_path, text, "--period-end", "inclusive"))["2025-05"] == "280.00"
    assert closings(answer(tmp_path, text, "--period-end", "exclusive"))["2025-05"] == "200.00"


def test_an_end_at_the_last_minute_is_that_day(tmp_path: Path) -> None:
    rows = "A,2025-01-01 00:00:00,2025-03-31 23:59:59,100\nB,2025-04-30 00:00:00,,5\n"
    done = answer(tmp_path, f"customer_id,valid_from,valid_to,mrr\n{rows}")
    assert closings(done) == {
        **dict.fromkeys(("2025-01", "2025-02", "2025-03"), "100.00"),
        "2025-04": "5.00",
    }


def test_ended_without_an_end_ends_when_it_was_cancelled(tmp_path: Path) -> None:
    text = (
        "customer_id,status,start_date,end_date,cancelled_at,mrr\nA,active,2025-01-05,,,100\n"
        "B,cancelled,2025-01-10,,2025-03-05,50\nD,active,2025-03-31,,,5\n"
    )
    assert list(closings(answer(tmp_path, text)).values()) == ["150.00", "150.00", "105.00"]


def test_a_pause_that_is_over_has_no_mrr_meanwhile(tmp_path: Path) -> None:
    """A pauses from 10 March to 12 May: nothing at the ends of March and April."""
    text = (
        "customer_id,status,start_date,paused_at,resumed_at,end_date,mrr\n"
        "A,active,2025-01-05,2025-03-10,2025-05-12,,100\nB,active,2025-01-10,,,,50\n"
        "E,active,2025-05-31,,,,10\n"
    )
    done = answer(tmp_path, text)
    assert list(closings(done).values()) == ["150.00", "150.00", "50.00", "50.00", "160.00"]
    assert "note RC865" in done.stderr
    kept = answer(tmp_path, text, "--paused", "keep")
    assert set(closings(kept).values()) == {"150.00", "160.00"}


def test_one_far_start_sets_no_window(tmp_path: Path) -> None:
    text = (
        "customer_id,start_date,end_date,mrr\nA,2024-01-05,,100\nB,2024-01-05,2024-08-10,100\n"
        "C,2024-12-31,,100\nD,2035-01-15,,100\n"
    )
    done = answer(tmp_path, text)
    assert list(closings(done))[-1] == "2024-12"
    assert "note RC860: 1 start lies far after the others, which end in 2024-12" in done.stderr


def test_a_file_whose_rows_all_end_says_so(tmp_path: Path) -> None:
    rows = "A,2024-01-05,2024-03-10,1\nB,2024-02-29,2024-04-02,1\n"
    text = f"customer_id,start_date,end_date,mrr\n{rows}"
    done = answer(tmp_path, text)
    assert "note RC861: every row of the export has an end, the last on 2024-04-02" in done.stderr
    late = answer(tmp_path, text, "--as-of", "2024-06")
    assert (late.exit_code, late.stdout) == (2, "")
    assert "--as-of 2024-04" in late.stderr
    assert closings(answer(tmp_path, text, "--as-of", "2024-04"))["2024-04"] == "0.00"


def test_billed_ahead_is_answered_while_it_runs(tmp_path: Path) -> None:
    text = (
        "customer_id,amount,period_start,period_end\nA,1200,2024-01-01,2024-12-31\n"
        "B,100,2024-01-01,2024-01-31\nB,100,2024-02-01,2024-02-29\n"
    )
    done = answer(tmp_path, text, "--as-of", "2024-06")
    assert closings(done)["2024-06"] == "100.00"
    assert "note RC862: no line starts after 2024-02" in done.stderr
    assert answer(tmp_path, text, "--as-of", "2025-01").exit_code == 2


def test_a_sentinel_with_the_day_first_and_other_names_of_ends(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        "email,started,cancelled_on,monthly_fee\na@x,2024-01-05,31/12/9999,10\n"
        "b@x,2024-01-31,31/03/2024,20\nc@x,2024-03-31,,1\n"
    )
    done = run("movements", "s.csv", "-f", "csv", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
    closings = [row.split(",")[7] for row in done.stdout.splitlines()[1:]]
    assert closings == ["30.00", "30.00", "11.00"]


NO_END = (
    ("indefinido", "sin fin", "en curso", "unbefristet", "Bis auf Weiteres", "ungekündigt")
    + ("indéterminée", "sans fin", "em aberto", "onbepaald", "in corso", "Tills vidare")
    + ("perpetual", "not yet", "01/01/1900", "1900-01-01", "1970-01-01 00:00:00", "1899-12-30")
)


@pytest.mark.parametrize("word", NO_END)
def test_words_of_many_languages_and_the_first_day_of_all_days_mean_no_end(
    tmp_path: Path, word: str
) -> None:
    """A runs on: 100 in every month; B has 50 until February."""
    (tmp_path / "subs.csv").write_text(
        "client,start,end,mrr\n"
        f"A,2025-01-05,{word},100\nB,2025-01-10,2025-03-15,50\nC,2025-03-31,{word},5\n"
    )
    done = run("movements", "subs.csv", "-f", "json", cwd=tmp_path)
    assert [r["closing_mrr"] for r in done.json["rows"]] == ["150.00", "150.00", "105.00"]
    assert f'RC863: "{word.lower()}" in end means no end: 2 rows run on' in done.stderr.replace(
        word, word.lower()
    )


def test_the_first_day_of_a_typed_column_means_no_end(tmp_path: Path) -> None:
    days = {"start": [date(2025, 1, 5), date(2025, 3, 31)], "end": [date(1970, 1, 1), None]}
    frame = pl.DataFrame({"client": ["A", "C"], **days, "mrr": [100, 5]})
    frame.write_parquet(tmp_path / "subs.parquet")
    done = run("movements", "subs.parquet", "-f", "json", cwd=tmp_path)
    assert [r["closing_mrr"] for r in done.json["rows"]] == ["100.00", "100.00", "105.00"]
    assert "means no end: 1 row run" in done.stderr
