"""CARR in a summary: in force + signed and not begun - cancelled and not ended."""

import csv
import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from helpers import run
from oracle.contracts import Contract, carr

# On 31 October 149 are in force (100 + 40 + 9); b renews at 60 and c begins in December: 85 are
# signed; d signs in November only. b has cancelled its 40; e cancels in November only.
CONTRACTS = """customer,start_date,end_date,cancelled_at,signed_at,mrr,plan
a,2026-01-01,,,2025-12-20,100,Pro
b,2026-01-01,2027-01-01,2026-10-05,2025-12-20,40,Pro
b,2027-01-01,,,2026-10-20,60,Pro
c,2026-12-01,,,2026-10-15,25,Team
d,2026-12-01,,,2026-11-03,7,Team
e,2026-02-01,2026-12-15,2026-11-09,2026-02-01,9,Team
"""
WINDOW = ("--as-of", "2026-10", "--window", "9m", "--period-end", "exclusive")
FIGURES = ("closing_mrr", "signed_mrr", "cancelling_mrr", "carr_mrr")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "subs.csv"
    path.write_text(CONTRACTS)
    return path


def told(row: dict) -> tuple:
    return tuple(row[name] for name in FIGURES)


def without(column: str) -> str:
    rows = list(csv.reader(CONTRACTS.splitlines()))
    at = rows[0].index(column)
    return "\n".join(",".join([*row[:at], *row[at + 1 :]]) for row in rows) + "\n"


def test_worked_by_hand(data):
    """149 + 85 - 40 = 194."""
    total = run("summary", data, *WINDOW, "-f", "json").total
    assert told(total) == ("149.00", "85.00", "40.00", "194.00")


def test_by_segment_and_filter(data):
    rows = run("summary", data, *WINDOW, "--by", "plan", "-f", "json").json["rows"]
    by_plan = {row["segment"].get("plan"): told(row) for row in rows}
    assert by_plan["Pro"] == ("140.00", "60.00", "40.00", "160.00")
    assert by_plan["Team"] == ("9.00", "25.00", "0.00", "34.00")
    total = run("summary", data, *WINDOW, "--where", "plan=Pro", "-f", "json").total
    assert told(total) == by_plan["Pro"]


def test_nrr_knows_nothing_of_it(data):
    plain = data.with_name("plain.csv")
    plain.write_text("\n".join(CONTRACTS.splitlines()[:3]) + "\ne,2026-02-01,,,2026-02-01,9,Team\n")
    nrr = [run("nrr", path, *WINDOW, "-f", "json").total["nrr"] for path in (data, plain)]
    assert nrr == [1.0, 1.0]


def test_each_is_opened_to_its_accounts(data):
    rows = run("explain", "carr_mrr", data, *WINDOW, "-f", "json").json["rows"]
    assert [(row["account"], *told(row), row["line"]) for row in rows] == [
        ("b", "40.00", "60.00", "40.00", "60.00", 3),
        ("c", "0.00", "25.00", "0.00", "25.00", 5),
        ("a", "100.00", "0.00", "0.00", "100.00", 2),
        ("e", "9.00", "0.00", "0.00", "9.00", 7),
        (None, "149.00", "85.00", "40.00", "194.00", None),
    ]
    result = run("explain", "signed_mrr", data, *WINDOW, "-f", "json").json
    found = [(row["account"], row["signed_mrr"], row["line"]) for row in result["rows"]]
    assert found == [("b", "60.00", 4), ("c", "25.00", 5), (None, "85.00", None)]
    assert result["number"] == [{"signed_mrr": "85.00"}]
    rows = run("explain", "cancelling_mrr", data, *WINDOW, "-f", "json").json["rows"]
    found = [(row["account"], row["cancelling_mrr"], row["line"]) for row in rows]
    assert found == [("b", "40.00", 3), (None, "40.00", None)]


def test_a_limit_puts_the_rest_in_one_row(data):
    rows = run("explain", "carr_mrr", data, *WINDOW, "--limit", "2", "-f", "json").json["rows"]
    assert (rows[2]["account"], *told(rows[2])) == (
        *("(2 more accounts)", "109.00", "0.00", "0.00", "109.00"),
    )


def test_without_days_of_signing_every_later_start_counts(tmp_path):
    """25 + 7 + 60 begin after October, and the run says that nothing tells when they signed."""
    path = tmp_path / "subs.csv"
    path.write_text(without("signed_at"))
    result = run("summary", path, *WINDOW, "-f", "json")
    assert told(result.total) == ("149.00", "92.00", "40.00", "201.00")
    (note,) = [n for n in result.json["notes"] if "nothing tells the day" in n["message"]]
    assert "3 rows begin after 2026-10, 92.00 a month, and count as signed" in note["message"]


def test_without_days_of_cancelling_every_later_end_counts(tmp_path):
    """40 and 9 end after October while others run on without an end."""
    path = tmp_path / "subs.csv"
    path.write_text(without("cancelled_at"))
    result = run("summary", path, *WINDOW, "-f", "json")
    assert told(result.total) == ("149.00", "85.00", "49.00", "185.00")
    (note,) = [n for n in result.json["notes"] if "nothing tells the day" in n["message"]]
    assert "2 rows end after 2026-10, 49.00 a month, and count as cancelled" in note["message"]


@pytest.mark.parametrize("later", [20, 21])
def test_many_later_starts_are_history_and_no_plans(tmp_path, later):
    """A month of the past: what began after it was not signed then, as far as anybody knows."""
    path = tmp_path / "subs.csv"
    rows = [f"n{i},2026-11-{i % 28 + 1:02},1\n" for i in range(later)]
    path.write_text("customer,start_date,mrr\na,2026-01-01,10\n" + "".join(rows))
    result = run("summary", path, "--as-of", "2026-10", "-f", "json")
    if later == 20:
        assert told(result.total) == ("10.00", "20.00", "0.00", "30.00")
        return
    assert told(result.total) == ("10.00", None, "0.00", None)
    assert result.total["reasons"]["carr_mrr"] == "days_of_being_signed_unknown"
    (note,) = [n for n in result.json["notes"] if "nothing tells the day" in n["message"]]
    assert "21 rows begin after 2026-10, 21.00 a month; that many are no plans" in note["message"]
    done = run("explain", "carr_mrr", path, "--as-of", "2026-10")
    assert done.exit_code == 3
    assert "RC281" in done.stderr and "21 rows begin after 2026-10" in done.stderr


def test_ends_of_terms_cancel_nothing(tmp_path):
    """Every row has an end, so that an end is that of a term."""
    path = tmp_path / "terms.csv"
    path.write_text(
        "customer,start_date,end_date,mrr\na,2026-01-01,2027-01-01,10\nb,2026-01-01,2026-12-01,5\n"
    )
    total = run("summary", path, *WINDOW, "-f", "json").total
    assert told(total) == ("15.00", "0.00", "0.00", "15.00")


def test_trials_have_begun_and_are_not_signed(tmp_path):
    path = tmp_path / "trials.csv"
    path.write_text(
        "customer,start_date,end_date,trial_end,mrr\n"
        "a,2026-01-01,,,10\nb,2026-10-20,,2026-11-20,5\n"
    )
    total = run("summary", path, *WINDOW, "-f", "json").total
    assert told(total) == ("10.00", "0.00", "0.00", "10.00")


def test_the_column_can_be_named(tmp_path):
    path, config = tmp_path / "subs.csv", tmp_path / "named.yaml"
    path.write_text(CONTRACTS.replace("signed_at", "ink"))
    config.write_text("columns: {signed: ink}\n")
    total = run("summary", path, *WINDOW, "-c", config, "-f", "json").total
    assert told(total) == ("149.00", "85.00", "40.00", "194.00")


def test_check_judges_it(data, tmp_path):
    config = tmp_path / "checks.yaml"
    config.write_text("checks: [{metric: carr_mrr, equals: '194.00', month: 2026-10}]\n")
    options = ("--period-end", "exclusive", "--window", "9m")
    assert run("check", data, "-c", config, *options).exit_code == 0


def test_panels_do_not_tell(tmp_path):
    path = tmp_path / "mrr.csv"
    path.write_text("account,month,mrr\na,2024-01,1\na,2024-02,1\n")
    assert "carr_mrr" not in run("summary", path, "-f", "json").total
    done = run("explain", "carr_mrr", path)
    assert done.exit_code == 3
    assert "RC281: carr_mrr needs subscriptions with days" in done.stderr


def test_every_format(data, tmp_path):
    outputs = [tmp_path / f"out.{e}" for e in ("html", "xlsx", "parquet", "json", "csv", "md")]
    done = run("summary", data, *WINDOW, *(word for path in outputs for word in ("-o", path)))
    assert done.exit_code == 0, done.stderr
    (row,) = csv.DictReader((tmp_path / "out.csv").read_text().splitlines())
    assert told(row) == ("149.00", "85.00", "40.00", "194.00")


def random_contracts(seed: int) -> list[Contract]:
    rng = random.Random(seed)
    made = [Contract("first", date(2025, 1, 1), None, None, None, Fraction(1))]
    for number in range(rng.randint(1, 12)):
        start = date(2025, 1, 1) + timedelta(days=rng.randrange(700))
        end = start + timedelta(days=rng.randrange(1, 500)) if rng.random() < 0.6 else None
        signed = start - timedelta(days=rng.randrange(90)) if rng.random() < 0.8 else None
        early = rng.randrange(1, 200)
        cancelled = end - timedelta(days=early) if end and rng.random() < 0.6 else None
        mrr = Fraction(rng.randint(1, 9999), 100)
        made.append(Contract(f"a{number % 7}", start, end, signed, cancelled, mrr))
    return made


@pytest.mark.parametrize("seed", range(30))
def test_random_contracts_equal_the_walk(tmp_path, seed):
    made = random_contracts(seed)
    path = tmp_path / "subs.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("customer", "start_date", "end_date", "signed_at", "cancelled_at", "mrr"))
        for one in made:
            days = (one.start, one.end or "", one.signed or "", one.cancelled or "")
            out.writerow((one.account, *days, float(one.mrr)))
    day = random.Random(seed).choice((date(2025, 6, 30), date(2026, 2, 28), date(2026, 10, 31)))
    options = ("--as-of", f"{day:%Y-%m}", "--window", "1m", "--period-end", "exclusive")
    total = run("summary", path, *options, "-f", "json").total
    force, signed, cancelling = carr(made, day)
    wanted = (force, signed, cancelling, force + signed - cancelling)
    assert [Fraction(Decimal(total[name])) for name in FIGURES] == list(wanted)
    rows = run("explain", "carr_mrr", path, *options, "-f", "json").json["rows"]
    sums = [sum(Decimal(row[name]) for row in rows[:-1]) for name in FIGURES]
    assert [Fraction(one) for one in sums] == list(wanted)
