"""Statuses and flags under any header count in every shape, and the note says how to undo it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from helpers import Run, run

LONG = (
    "customer,month,mrr,{0}\nA,2025-01,100,{1}\nB,2025-01,50,{2}\n"
    "A,2025-02,100,{1}\nB,2025-02,50,{2}\n"
)
WIDE = "customer,{0},2025-01,2025-02\nA,{1},100,100\nB,{2},50,50\n"
DATED = (
    "customer,started,ended,mrr,{0}\nA,2025-01-05,,100,{1}\nB,2025-01-10,2025-02-10,50,{2}\n"
    "C,2025-03-31,,1,{1}\n"
)


def ask(folder: Path, text: str, *options: str) -> Run:
    (folder / "data.csv").write_text(text)
    return run("movements", "data.csv", "-f", "json", *options, cwd=folder)


def closings(done: Run) -> list[str]:
    return [row["closing_mrr"] for row in done.json["rows"]]


@pytest.mark.parametrize(
    ("header", "pays", "not_"),
    [
        ("active", "1", "0"),
        ("is_active", "yes", "no"),
        ("aktiv", "ja", "nein"),
        ("is_deleted", "false", "true"),
        ("churned", "No", "Yes"),
        ("is_paid", "TRUE", "FALSE"),
        ("Testkonto oder Lage", "aktiv", "gekündigt"),
        ("situation", "actif", "résilié"),
        ("Lage", "laufend", "gekündigt"),
        ("estado", "activo", "baja"),
        ("type", "paid", "trial"),
    ],
)
def test_a_flag_or_status_of_a_panel_counts(
    tmp_path: Path, header: str, pays: str, not_: str
) -> None:
    text = LONG.format(header, pays, not_)
    done = ask(tmp_path, text)
    assert closings(done) == ["100.00", "100.00"]
    (note,) = (n for n in done.json["notes"] if n["code"] == "RC815")
    assert note["message"].endswith("2 rows of 1 account (50%), 100.00 of 300.00 (33.3%)")
    assert closings(ask(tmp_path, text, "--ignore", header)) == ["150.00", "150.00"]
    (tmp_path / "retcalc.yaml").write_text(f'ignore: ["{header}"]\n')
    assert closings(ask(tmp_path, text)) == ["150.00", "150.00"]


def test_booleans_of_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "customer": ["A", "B"],
            "month": ["2025-01"] * 2,
            "mrr": [100, 50],
            "active": [True, False],
        }
    )
    frame.write_parquet(tmp_path / "data.parquet")
    done = run("movements", "data.parquet", "-f", "json", cwd=tmp_path)
    assert closings(done) == ["100.00"]


@pytest.mark.parametrize(("header", "word"), [("Status", "trial"), ("is_test", "yes")])
def test_a_row_of_a_sheet_that_never_paid_is_left_out(
    tmp_path: Path, header: str, word: str
) -> None:
    text = WIDE.format(header, "no" if word == "yes" else "active", word)
    done = ask(tmp_path, text)
    assert closings(done) == ["100.00", "100.00"]
    (note,) = (n for n in done.json["notes"] if n["code"] == "RC815")
    assert note["message"].endswith("1 row of 1 account (50%), 100.00 of 300.00 (33.3%)")


@pytest.mark.parametrize(
    ("header", "live", "gone"), [("Status", "active", "churned"), ("active", "1", "0")]
)
def test_a_sheet_whose_last_month_has_an_amount_of_who_left_is_asked_about(
    tmp_path: Path, header: str, live: str, gone: str
) -> None:
    text = WIDE.format(header, live, gone)
    assert "RC250" in ask(tmp_path, text).stderr
    assert closings(ask(tmp_path, text, "--ignore", header)) == ["150.00", "150.00"]
    assert closings(ask(tmp_path, text, "--where", f"{header}!={gone}")) == ["100.00", "100.00"]
    gone_then = text.replace("50,50", "50,")
    assert closings(ask(tmp_path, gone_then)) == ["150.00", "100.00"]


def test_a_status_of_today_that_was_joined_to_past_months_is_asked_about(tmp_path: Path) -> None:
    """B paid in January and February, and its rows end: it left in March, and has now churned."""
    rows = ["A,{},100,1", "A,{},100,1", "A,{},100,1", "B,{},50,0", "B,{},50,0"]
    dates = ["2025-01", "2025-02", "2025-03", "2025-01", "2025-02"]
    text = "customer,month,mrr,active\n" + "\n".join(
        row.format(date) for row, date in zip(rows, dates, strict=True)
    )
    assert "RC250" in ask(tmp_path, text).stderr
    kept = ask(tmp_path, text, "--ignore", "active")
    assert closings(kept) == ["150.00", "150.00", "100.00"]
    without = ask(tmp_path, text, "--where", "active!=0")
    assert closings(without) == ["100.00", "100.00", "100.00"]


@pytest.mark.parametrize(
    ("header", "live", "gone", "expected"),
    [
        ("statut", "actif", "résilié", ["150.00", "100.00"]),
        ("statut", "actif", "essai", ["100.00", "100.00"]),
        ("churned", "no", "yes", ["150.00", "100.00"]),
        ("is_deleted", "0", "1", ["100.00", "100.00"]),
        ("Vertragslage", "aktiv", "Testphase", ["100.00", "100.00"]),
    ],
)
def test_subscriptions(
    tmp_path: Path, header: str, live: str, gone: str, expected: list[str]
) -> None:
    done = ask(tmp_path, DATED.format(header, live, gone), "--as-of", "2025-02")
    assert closings(done) == expected


CHARGES = (
    "charge_id,customer,created,amount,refunded,paid\nc1,A,2025-01-05,100.00,false,true\n"
    "c2,B,2025-01-06,50.00,true,true\nc3,C,2025-01-07,70.00,false,false\n"
    "c4,A,2025-02-05,100.00,false,true\nc5,B,2025-02-06,50.00,false,true\n"
)


def test_charges_are_payments_and_refunded_and_failed_ones_are_none(tmp_path: Path) -> None:
    refused = ask(tmp_path, CHARGES)
    assert "fix    --shape payments   " in refused.stderr
    done = ask(tmp_path, CHARGES, "--shape", "payments", "--as-of", "2025-02")
    assert closings(done) == ["100.00", "150.00"]


def test_a_completed_payment_was_made(tmp_path: Path) -> None:
    text = "customer,paid_at,amount,status\nA,2025-01-05,10,Completed\nB,2025-01-31,5,Refunded\n"
    assert closings(ask(tmp_path, text, "--shape", "payments")) == ["10.00"]


def test_a_state_of_a_country_is_no_status(tmp_path: Path) -> None:
    done = ask(tmp_path, LONG.format("state", "CA", "NY"))
    assert closings(done) == ["150.00", "150.00"]


def test_a_column_that_does_not_exist_cannot_be_ignored(tmp_path: Path) -> None:
    refused = ask(tmp_path, LONG.format("active", "1", "0"), "--ignore", "activ")
    assert "RC150" in refused.stderr
    assert "did you mean 'active'" in refused.stderr


@pytest.mark.parametrize("order", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_a_status_that_one_of_several_files_tells_is_read_in_all(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    (tmp_path / "a.csv").write_text(
        "customer,month,mrr,Lage\nA,2025-01,100,aktiv\nB,2025-01,50,Probe\n"
    )
    (tmp_path / "b.csv").write_text("month,customer,mrr,Lage\n2025-02,A,100,\n2025-02,B,50,\n")
    done = run("movements", *order, "-f", "json", cwd=tmp_path)
    assert closings(done) == ["100.00", "150.00"]


def test_days_under_the_name_of_a_flag_are_when_it_ended(tmp_path: Path) -> None:
    text = (
        "customer,signup_date,cancelled,mrr\nA,2025-01-05,,100\nB,2025-01-10,2025-02-10,50\n"
        "C,2025-04-01,,1\n"
    )
    assert closings(ask(tmp_path, text)) == ["150.00", "100.00", "100.00"]
