"""A part that no header names is offered with the columns whose cells look like it."""

import re
import shlex
from pathlib import Path

import pytest

from helpers import Run, run

# opening 30.50 in January; b leaves, c begins with 7: closing 17.50 in February
ROWS = (("a", "2024-01", "10.50"), ("b", "2024-01", "20"), ("a", "2024-02", "10.50"),
        ("c", "2024-02", "7"))  # fmt: skip
LIVES = (("a", "2024-01-05", "2024-03-10"), ("b", "2024-01-20", ""),
         ("c", "2024-02-02", "2024-04-01"), ("d", "2024-04-30", ""))  # fmt: skip


def ask(folder: Path, header: str, rows: tuple[tuple[str, ...], ...], *args: str) -> Run:
    text = "\n".join([header, *(",".join(row) for row in rows)])
    (folder / "data.csv").write_text(text + "\n")
    return run("movements", "data.csv", "-f", "json", *args, cwd=folder)


def fixes(done: Run) -> list[str]:
    assert (done.exit_code, done.stdout) == (3, ""), done.stderr
    return re.findall(r"  fix    (.*)", done.stderr)


def test_amounts_are_offered_with_the_option_that_names_them(tmp_path: Path) -> None:
    rows = tuple((*row, seats, "7", year) for row, seats, year in
                 zip(ROWS, "3434", ("2019", "2020", "2019", "2021"), strict=True))  # fmt: skip
    header = "account,month,net due,places,vat no,founded"
    (fix,) = fixes(ask(tmp_path, header, rows))
    assert fix == "--mrr-column 'net due'   or  --mrr-column places"
    pasted = shlex.split(fix.partition("   ")[0])
    closing = [r["closing_mrr"] for r in ask(tmp_path, header, rows, *pasted).json["rows"]]
    assert closing == ["30.50", "17.50"]


@pytest.mark.parametrize("cell", ["$1,200.50", "1.200,50 €", "(50.00)", "USD 5", "-"])
def test_money_in_any_style_is_offered(tmp_path: Path, cell: str) -> None:
    rows = (
        *ROWS[:2],
        ("c", "2024-01", f'"{cell}"'),
        *ROWS[2:],
        *((x, "2024-03", "5") for x in "abcdef"),
    )
    assert fixes(ask(tmp_path, "account,month,net due", rows)) == ["--mrr-column 'net due'"]


def test_every_part_is_offered_and_all_of_it_pasted_answers(tmp_path: Path) -> None:
    told = fixes(ask(tmp_path, "shop,when,paid eur", ROWS))
    assert told == [
        "--customer-column shop --month-column when --mrr-column 'paid eur'   "
        "if each row is one month   or  "
        "--customer-column shop --start-column when --mrr-column 'paid eur'   "
        "if it is a subscription",
        "--month-column when   if each row is one month   or  "
        "--start-column when   if it is a subscription",
        "--mrr-column 'paid eur'",
    ]
    for lines in (told[:1], told):
        pasted = [word for fix in lines for word in shlex.split(fix.partition("   ")[0])]
        done = ask(tmp_path, "shop,when,paid eur", ROWS, *pasted)
        assert [r["closing_mrr"] for r in done.json["rows"]] == ["30.50", "17.50"]


def test_two_days_are_a_start_and_an_end(tmp_path: Path) -> None:
    told = fixes(ask(tmp_path, "account,ab,bis", LIVES))
    assert told[0] == (
        "--start-column ab --end-column bis   if it is a subscription   or  "
        "--month-column ab   if each row is one month"
    )
    args = "--start-column", "ab", "--end-column", "bis"
    done = ask(tmp_path, "account,ab,bis", LIVES, *args)
    # a is gone in March, c in April, when d comes
    assert [r["closing_accounts"] for r in done.json["rows"]] == [2, 3, 2, 2]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("signed_up", "left_on"),
        ("begins", "stops"),
        ("Starts at", "Ends at"),
        ("Term Start", "Term End"),
        ("subscribed_at", "unsubscribed_at"),
        ("Activation Date", "Deactivation Date"),
        ("sign_up_date", "churned_on"),
        ("valid_since", "valid_until"),
    ],
)
def test_names_of_start_and_end_are_known(tmp_path: Path, start: str, end: str) -> None:
    done = ask(tmp_path, f"account,{start},{end}", LIVES)
    assert [r["closing_accounts"] for r in done.json["rows"]] == [2, 3, 2, 2]


def test_a_sign_up_is_a_better_start_than_the_day_a_record_was_made(tmp_path: Path) -> None:
    rows = tuple((a, "2024-05-01", s, e) for a, s, e in LIVES)
    done = ask(tmp_path, "account,created_at,signed_up,left_on", rows)
    assert [r["closing_accounts"] for r in done.json["rows"]] == [2, 3, 2, 2]


def test_nothing_is_offered_where_no_cell_looks_like_it(tmp_path: Path) -> None:
    rows = tuple((a, "soon", "paid") for a, _, _ in ROWS)
    told = fixes(ask(tmp_path, "account,when,note", rows))
    assert [fix.partition(",")[0] for fix in told] == [
        "export the month of each row too",
        "export the amounts too",
    ]


def test_months_without_a_year_are_no_amounts(tmp_path: Path) -> None:
    told = fixes(ask(tmp_path, "account,Jan,Feb,Mar", (("a", "1", "2", "3"), ("b", "4", "5", "6"))))
    assert not [fix for fix in told if "--mrr-column Jan" in fix]


def test_first_days_beside_last_days_are_a_row_of_data(tmp_path: Path) -> None:
    rows = (*LIVES, ("e", "2024-03-01", "2024-03-31"))
    (fix, _) = fixes(ask(tmp_path, "account,ab,bis", rows))
    assert fix.startswith("--start-column ab --end-column bis ")
