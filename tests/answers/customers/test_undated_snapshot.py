"""An undated customer snapshot has no month anywhere; answers by month are refused."""

import csv
import io
import re

import pytest

from acceptance.inline import write
from helpers import SHARED, needs_shared, run

MONTH = re.compile(r"\b\d{4}-\d{2}\b")
SNAPSHOT = [
    "customerID,tenure,MonthlyCharges,Churn",
    *("a,3,10.50,No", "b,2,11,Yes", "c,0,12,No", "d,1,13,Yes", "e,2,9,No"),
]


@pytest.fixture
def snapshot(tmp_path):
    return write(tmp_path / "snapshot.csv", SNAPSHOT)


@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
@pytest.mark.parametrize("command", ["cohort", "churn", "retention", "tenure", "survival"])
def test_no_answer_names_a_month(snapshot, command, form):
    done = run(command, snapshot, "-f", form)
    assert done.exit_code == 0, done.stderr
    assert not MONTH.search(done.stdout)


@pytest.mark.parametrize("ending", ["html", "md", "svg"])
def test_no_file_of_a_cohort_names_a_month(snapshot, tmp_path, ending):
    out = tmp_path / f"cohort.{ending}"
    assert run("cohort", snapshot, "--plot" if ending == "svg" else "-o", out).exit_code == 0
    text = out.read_text()
    assert not MONTH.search(text)
    assert "3 before" in text


def test_cohorts_began_so_many_months_before(snapshot):
    """b left in the month of the snapshot, two months after it came; e came with it and stays."""
    text = run("cohort", snapshot, "-f", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["cohort"] for row in rows} == {""}
    kept = [(int(r["months_before"]), int(r["age"]), int(r["accounts"])) for r in rows]
    assert [row for row in kept if row[0] == 2] == [(2, 0, 2), (2, 1, 2), (2, 2, 1)]
    assert [row for row in kept if row[0] == 0] == [(0, 0, 1)]
    (first, *_) = run("cohort", snapshot, "-f", "json").json["rows"]
    assert first["reasons"] == {"cohort": "no_dates"}
    lines = run("cohort", snapshot).stdout.splitlines()
    assert [line.split()[:3] for line in lines if " before" in line and "%" in line] == [
        [f"{n}", "before*", str(accounts)] for n, accounts in ((3, 1), (2, 2), (1, 1), (0, 1))
    ]


def test_a_month_that_is_named_gives_months(snapshot):
    rows = run("cohort", snapshot, "--as-of", "2024-06", "-f", "json").json["rows"]
    assert {row["cohort"] for row in rows} == {"2024-03", "2024-04", "2024-05", "2024-06"}
    assert "months_before" not in rows[0]


MONEY = ("--mrr-column", "MonthlyCharges", "--margin", "1")


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (("churn", "--monthly"), "a row a month"),
        (("retention", "--monthly"), "a row a month"),
        (("movements",), "a row a month"),
        (("win-back",), "win-back"),
        (("cohort", "--period", "quarter"), "a quarter"),
        (("forecast", *MONEY[:2]), "a forecast"),
        (("clv", "--trend", *MONEY), "a trend"),
        (("clv", "--lifespan", "inverse-churn", *MONEY), "a churn by the month"),
        (("whatif", "--churn", "-1pt", *MONEY), "a churn by the month"),
        (("report",), "a report"),
    ],
)
def test_what_needs_months_is_refused(snapshot, args, what):
    command, *options = args
    done = run(command, snapshot, *options)
    assert (done.exit_code, done.stdout) == (3, "")
    assert f"error RC200: {what} needs dates" in done.stderr
    assert "fix    --as-of 2026-10   or the month that it was taken in" in done.stderr
    dated = run(command, snapshot, *options, "--as-of", "2026-10")
    assert "RC200" not in dated.stderr


def test_a_value_without_months_is_there(snapshot):
    result = run("clv", snapshot, *MONEY, "-f", "json").json
    assert "why_lifespans_differ" not in result
    assert run("whatif", snapshot, "--renewal", "80%:85%", *MONEY).exit_code == 0


@needs_shared
@pytest.mark.parametrize("command", ["cohort", "churn", "retention"])
def test_the_telco_sample_names_no_month(command):
    done = run(command, SHARED / "data/ibm_telco/Telco-Customer-Churn.csv", "-f", "json")
    assert not MONTH.search(done.stdout)
