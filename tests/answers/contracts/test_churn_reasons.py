"""churn --by-reason: what was lost, by what was stated, equal to churn to the cent."""

import csv
import io
import random
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from helpers import SHARED, needs_shared, run
from oracle.intervals import Subscription
from oracle.panels import month_text
from oracle.reasons import Lost, added, lost_in

# a leaves in June, b in July, c and d in August; e drops one of two subscriptions; f is away in
# August and comes back. January opens with 10 + 20 + 30 + 40 + 55 + 7.
SUBSCRIPTIONS = """customer,start,end,mrr,plan,churn_reason
a,2024-01-05,2024-06-10,10,Pro,Too expensive
b,2024-01-05,2024-07-10,20,Pro,Card payment failed twice
c,2024-01-05,2024-08-10,30,Team,
d,2024-01-05,2024-08-10,40,Team,moved to Mars
e,2024-01-05,,50,Team,
e,2024-01-05,2024-05-02,5,Team,Too expensive
f,2024-01-05,2024-08-09,7,Team,Too expensive
f,2024-09-05,,7,Team,
"""
WINDOW = ("--as-of", "2024-09", "--window", "8m")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "subs.csv"
    path.write_text(SUBSCRIPTIONS)
    return path


def told(rows: Sequence[dict]) -> list[tuple]:
    """Reason, kind, accounts and MRR of rows."""
    return [(r["reason"], r["kind"], r["churned_accounts"], r["churn_mrr"]) for r in rows]


def test_worked_by_hand(data):
    """Lost: 10 + 20 + 30 + 40 = 100. e and f are there at both ends."""
    result = run("churn", data, "--by-reason", *WINDOW, "-f", "json").json
    assert told(result["rows"]) == [
        ("Too expensive", "voluntary", 1, "10.00"),
        ("Card payment failed twice", "involuntary", 1, "20.00"),
        ("moved to Mars", "unknown", 1, "40.00"),
        ("(none)", "unknown", 1, "30.00"),
        (None, None, 4, "100.00"),
    ]
    assert [row["share"] for row in result["rows"]] == [0.1, 0.2, 0.4, 0.3, 1.0]
    assert result["rows"][1]["of_opening_accounts"] == 1 / 6
    assert result["rows"][1]["of_opening_mrr"] == 20 / 162
    assert [row["of_opening_accounts"] for row in result["kinds"]] == [1 / 6, 1 / 6, 2 / 6]
    kinds = {row["kind"]: (row["churned_accounts"], row["churn_mrr"]) for row in result["kinds"]}
    assert kinds == {
        "voluntary": (1, "10.00"),
        "involuntary": (1, "20.00"),
        "unknown": (2, "70.00"),
    }


def test_by_segment_the_rows_of_each_end_in_its_sum(data):
    rows = run("churn", data, "--by-reason", *WINDOW, "--by", "plan", "-f", "json").json["rows"]
    pro = [row for row in rows if row["segment"] == {"plan": "Pro"}]
    assert told(pro)[-1] == (None, None, 2, "30.00")
    team = [row for row in rows if row["segment"] == {"plan": "Team"}]
    assert told(team) == [
        ("moved to Mars", "unknown", 1, "40.00"),
        ("(none)", "unknown", 1, "30.00"),
        (None, None, 2, "70.00"),
    ]
    assert told(rows)[-1] == (None, None, 4, "100.00")


def test_monthly_counts_who_comes_back_too(data):
    """August loses c, d and f (30 + 40 + 7); f is back in September."""
    rows = run("churn", data, "--by-reason", *WINDOW, "--monthly", "-f", "json").json["rows"]
    august = [row for row in rows if row["month"] == "2024-08"]
    assert told(august) == [
        ("Too expensive", "voluntary", 1, "7.00"),
        ("moved to Mars", "unknown", 1, "40.00"),
        ("(none)", "unknown", 1, "30.00"),
        (None, None, 3, "77.00"),
    ]
    september = [row for row in rows if row["month"] == "2024-09"]
    assert told(september) == [(None, None, 0, "0.00")]
    assert september[0]["reasons"] == {"share": "no_churn"}


def test_monthly_basis_sums_the_months(data):
    total = run("churn", data, "--by-reason", *WINDOW, "--basis", "monthly", "-f", "json").total
    assert told([total]) == [(None, None, 5, "107.00")]


def test_a_filter_takes_its_accounts_only(data):
    rows = run("churn", data, "--by-reason", *WINDOW, "--where", "plan=Pro", "-f", "json").json
    assert told(rows["rows"]) == [
        ("Too expensive", "voluntary", 1, "10.00"),
        ("Card payment failed twice", "involuntary", 1, "20.00"),
        (None, None, 2, "30.00"),
    ]


def test_reasons_of_those_who_stayed_are_weighed(data):
    """e and f state reasons and are there at the closing with 50 + 7."""
    done = run("churn", data, "--by-reason", *WINDOW)
    note = "RC875: reasons of 2 accounts that did not leave do not count, 57.00 of closing MRR"
    assert note in done.stdout


def test_the_users_map_comes_before_the_words(data, tmp_path):
    config = tmp_path / "mine.yaml"
    words = "involuntary: [Too Expensive], voluntary: [Moved to MARS]"
    config.write_text(f"churn_reasons: {{{words}}}\n")
    done = run("churn", data, "--by-reason", *WINDOW, "-c", config, "-f", "json")
    assert [row["kind"] for row in done.json["rows"]] == [
        "voluntary",
        "involuntary",
        "involuntary",
        "unknown",
        None,
    ]
    assert not [note for note in done.json["notes"] if note["code"] == "RC876"]


def test_a_word_of_both_kinds_is_refused(data, tmp_path):
    config = tmp_path / "mine.yaml"
    config.write_text("churn_reasons: {involuntary: [x], voluntary: [X]}\n")
    done = run("churn", data, "--by-reason", "-c", config)
    assert done.exit_code == 2
    assert "error RC114" in done.stderr


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("payment_failed", "involuntary"),  # Stripe: cancellation_details.reason
        ("payment_disputed", "involuntary"),
        ("cancellation_requested", "voluntary"),
        ("too_expensive", "voluntary"),  # Stripe: cancellation_details.feedback
        ("switched_service", "voluntary"),
        ("other", "unknown"),
        ("not_paid", "involuntary"),  # Chargebee: cancel_reason
        ("NO_CARD", "involuntary"),
        ("fraud_review_failed", "involuntary"),
        ("non_compliant_eu_customer", "involuntary"),
        ("nonpayment", "involuntary"),  # Recurly: expiration_reason
        ("canceled", "voluntary"),
        ("churn_delinquent", "involuntary"),  # ProfitWell
        ("Max number of charge attempts reached", "involuntary"),  # Recharge
        ("CS - More than I need", "voluntary"),
        ("BILLING_ERROR", "involuntary"),  # App stores
        ("Involuntary", "involuntary"),
        ("voluntary", "voluntary"),
        ("Dunning", "involuntary"),
        ("card expired", "involuntary"),
        ("past due", "involuntary"),
        ("bankruptcy", "unknown"),
    ],
)
def test_words_of_the_vendors(tmp_path, word, kind):
    path = tmp_path / "mrr.csv"
    path.write_text(
        f"account,month,mrr,cancel_reason\na,2024-01,1,{word}\nb,2024-01,1,\nb,2024-02,1,\n"
    )
    rows = run("churn", path, "--by-reason", "-f", "json").json["rows"]
    assert told(rows)[0] == (word, kind, 1, "1.00")


@pytest.mark.parametrize(
    "header",
    [
        "Cancellation Reason",
        "cancellation_details.reason",
        "cancel_reason_code",
        "expiration_reason",
        "churn_reason",
        "reason",
        "Churn Category",
    ],
)
def test_columns_of_the_vendors(tmp_path, header):
    path = tmp_path / "mrr.csv"
    path.write_text(f"account,month,mrr,{header}\na,2024-01,1,price\nb,2024-01,1,\nb,2024-02,1,\n")
    assert run("churn", path, "--by-reason", "-f", "json").json["rows"][0]["reason"] == "price"


def test_two_columns_are_asked_about(tmp_path):
    path = tmp_path / "mrr.csv"
    path.write_text(
        "account,month,mrr,cancel_reason,churn reason\n"
        "a,2024-01,1,price,unused\nb,2024-01,1,,\nb,2024-02,1,,\n"
    )
    done = run("churn", path, "--by-reason")
    assert done.exit_code == 3
    assert "RC201: more than one column could be the reason" in done.stderr
    assert "--reason-column cancel_reason   or  --reason-column 'churn reason'" in done.stderr
    rows = run("churn", path, "--reason-column", "churn reason", "-f", "json").json["rows"]
    assert rows[0]["reason"] == "unused"


def test_a_column_that_is_not_there_is_refused(data):
    done = run("churn", data, "--reason-column", "churn_reasn")
    assert done.exit_code == 2
    assert "RC150" in done.stderr
    assert "did you mean 'churn_reason'" in done.stderr


def test_a_zero_row_may_state_it(tmp_path):
    """The row of the month after the last paid one has amount 0 and the reason."""
    path = tmp_path / "mrr.csv"
    path.write_text(
        "account,month,mrr,reason\na,2024-01,1,\na,2024-02,0,price\nb,2024-01,1,\nb,2024-02,1,\n"
    )
    rows = run("churn", path, "--by-reason", "-f", "json").json["rows"]
    assert told(rows) == [("price", "voluntary", 1, "1.00"), (None, None, 1, "1.00")]


def test_a_movement_log_states_it_with_the_churn(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(
        "customer_id,date,type,mrr_change,reason\n"
        "a,2024-01-05,new,10,campaign\nb,2024-01-05,new,20,campaign\n"
        "a,2024-02-05,churn,-10,unused\nb,2024-02-28,expansion,5,\n"
    )
    rows = run("churn", path, "--by-reason", "--as-of", "2024-02", "-f", "json").json["rows"]
    assert told(rows) == [("unused", "voluntary", 1, "10.00"), (None, None, 1, "10.00")]


def test_exports_without_amounts_count_accounts(tmp_path):
    path = tmp_path / "lives.csv"
    path.write_text(
        "customer_id,start_date,end_date,churn_reason\n"
        "a,2024-01-05,2024-02-10,price\nb,2024-01-05,,\nc,2024-02-29,,\n"
    )
    rows = run("churn", path, "--by-reason", "-f", "json").json["rows"]
    assert [(r["reason"], r["churned_accounts"], r["share"]) for r in rows] == [
        ("price", 1, 1.0),
        (None, 1, 1.0),
    ]
    assert "churn_mrr" not in rows[0]


CHURNED = """account_id,churn_date,reason_code
a,2024-05-20,pricing
a,2023-12-01,support
b,2024-07-31,
c,2024-08-10,dunning
z,2024-08-10,dunning
e,2024-03-01,pricing
"""


def test_a_file_of_its_own_states_it(data, tmp_path):
    """a gave notice in May; its reason of 2023 belongs to an earlier life. z is not in the data."""
    events = tmp_path / "churned.csv"
    events.write_text(CHURNED)
    done = run("churn", data, "--reasons", events, *WINDOW, "-f", "json")
    assert told(done.json["rows"]) == [
        ("pricing", "voluntary", 1, "10.00"),
        ("dunning", "involuntary", 1, "30.00"),
        ("(none)", "unknown", 2, "60.00"),
        (None, None, 4, "100.00"),
    ]
    notes = {note["code"]: note["message"] for note in done.json["notes"]}
    assert "no MRR row for 1 account of" in notes["RC893"]
    assert notes["RC875"].startswith("reasons of 1 account that did not leave")
    assert done.json["sources"][-1]["path"] == str(events)


def test_a_file_of_reasons_without_one_is_refused(data, tmp_path):
    events = tmp_path / "churned.csv"
    events.write_text("account_id,churn_date\na,2024-05-20\n")
    done = run("churn", data, "--reasons", events)
    assert done.exit_code == 3
    assert "RC263: nothing tells why accounts left" in done.stderr


def test_the_customers_file_states_it(tmp_path):
    data, customers = tmp_path / "mrr.csv", tmp_path / "customers.csv"
    data.write_text("account,month,mrr\na,2024-01,1\nb,2024-01,1\nb,2024-02,1\n")
    customers.write_text("account,plan,churn_reason\na,Pro,chargeback\nb,Pro,\n")
    rows = run("churn", data, "--by-reason", "--customers", customers, "-f", "json").json["rows"]
    assert told(rows)[0] == ("chargeback", "involuntary", 1, "1.00")


def test_members_of_a_parent_state_it(tmp_path):
    """The parent p leaves with its last member, whose reason it is."""
    data = tmp_path / "subs.csv"
    data.write_text(
        "customer_id,parent,start,end,mrr,churn_reason\n"
        "m1,p,2024-01-05,2024-02-10,5,price\nm2,p,2024-01-05,2024-03-10,6,dunning\n"
        "n,,2024-01-05,,1,\no,,2024-03-31,,1,\n"
    )
    options = ("--parent", "parent", "--window", "2m", "-f", "json")
    rows = run("churn", data, "--by-reason", *options).json["rows"]
    assert told(rows)[0] == ("dunning", "involuntary", 1, "11.00")
    events = tmp_path / "why.csv"
    events.write_text("customer_id,date,reason\nm1,2024-02-10,price\nm2,2024-03-10,dunning\n")
    rows = run("churn", data, "--reasons", events, *options).json["rows"]
    assert told(rows)[0] == ("dunning", "involuntary", 1, "11.00")


def test_explain_lists_the_accounts_of_a_reason(data):
    rows = run("explain", "churn", data, "--by-reason", *WINDOW, "-f", "json").json["rows"]
    found = [(r["account"], r["month"], r["reason"], r["churn_mrr"], r["line"]) for r in rows]
    assert found == [
        ("d", "2024-08", "moved to Mars", "40.00", 5),
        ("c", "2024-08", "(none)", "30.00", 4),
        ("b", "2024-07", "Card payment failed twice", "20.00", 3),
        ("a", "2024-06", "Too expensive", "10.00", 2),
        (None, None, None, "100.00", None),
    ]


def test_explain_of_a_kind_adds_up_to_its_line(data):
    """On the monthly basis f left too: 10 + 7 are voluntary."""
    options = (*WINDOW, "--basis", "monthly", "-f", "json")
    whole = run("churn", data, "--by-reason", *options).json["kinds"]
    for kind in whole:
        if kind["churned_accounts"]:
            done = run("explain", "churn", data, "--reason", kind["kind"], *options)
            assert done.total["churn_mrr"] == kind["churn_mrr"]
            assert len(done.json["rows"]) == kind["churned_accounts"] + 1
    done = run("explain", "churn", data, "--reason", "Too expensive", *options, "--limit", "1")
    assert [row["account"] for row in done.json["rows"]] == ["a", "(1 more account)", None]


def test_explain_of_another_metric_is_refused(data):
    done = run("explain", "nrr", data, "--by-reason")
    assert done.exit_code == 2
    assert "RC170: 'nrr' is not told by reason" in done.stderr


@pytest.mark.parametrize(
    ("check", "status"),
    [
        ("{metric: involuntary_logo_churn, max: 0.17, month: 2024-09, window: 8m}", 0),  # 1 of 6
        ("{metric: involuntary_logo_churn, max: 0.16, month: 2024-09, window: 8m}", 1),
        ("{metric: involuntary_revenue_churn, max: 0.124, month: 2024-09, window: 8m}", 0),
        ("{metric: involuntary_revenue_churn, max: 0.123, month: 2024-09, window: 8m}", 1),
        # 20 of 30 of Pro
        ("{metric: involuntary_revenue_churn, max: 0.67, by: plan, month: 2024-09, window: 8m}", 0),
        ("{metric: involuntary_revenue_churn, max: 0.66, by: plan, month: 2024-09, window: 8m}", 1),
        ("{metric: voluntary_logo_churn, max: 0.17, month: 2024-09, window: 8m}", 0),
        ("{metric: unknown_logo_churn, max: 0.32, month: 2024-09, window: 8m}", 1),
    ],
)
def test_check_judges_the_kinds(data, tmp_path, check, status):
    config = tmp_path / "checks.yaml"
    config.write_text(f"checks: [{check}]\n")
    done = run("check", data, "-c", config)
    assert done.exit_code == status, done.stderr


def test_check_of_kinds_without_reasons_is_refused(tmp_path):
    config, path = tmp_path / "checks.yaml", tmp_path / "mrr.csv"
    config.write_text("checks: [{metric: involuntary_logo_churn, max: 0.1}]\n")
    path.write_text("account,month,mrr\na,2024-01,1\nb,2024-01,1\nb,2024-02,1\n")
    done = run("check", path, "-c", config)
    assert done.exit_code == 3
    assert "RC263" in done.stderr


def test_every_format(data, tmp_path):
    arguments = ("churn", data, "--by-reason", *WINDOW, "--by", "plan")
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "-f", "csv").stdout)))
    assert rows[-1] == {
        "plan": "",
        "reason": "",
        "kind": "",
        "churned_accounts": "4",
        "churn_mrr": "100.00",
        "share": "1.0",
        "of_opening_accounts": repr(4 / 6),
        "of_opening_mrr": repr(100 / 162),
    }
    assert "| moved to Mars | unknown |" in run(*arguments, "-f", "md").stdout
    outputs = [tmp_path / f"out.{ending}" for ending in ("html", "xlsx", "parquet", "json")]
    done = run(*arguments, *(word for path in outputs for word in ("-o", path)))
    assert done.exit_code == 0
    assert all(path.stat().st_size for path in outputs)


FIRST_AND_LAST = ((2024, 1, 1), (2025, 6, 30))
WHY = ("", "price", "dunning", "support")


def random_book(seed: int) -> list[tuple[Subscription, str]]:
    """Some accounts with one to four subscriptions of a year and a half, each with its reason."""
    rng = random.Random(seed)
    made = []
    for number in range(rng.randint(2, 9)):
        for _ in range(rng.randint(1, 4)):
            start = date(2024, 1, 1) + timedelta(days=rng.randrange(400))
            end = start + timedelta(days=rng.randrange(1, 300)) if rng.random() < 0.7 else None
            amount = Fraction(rng.randint(1, 9999), 100)
            made.append((Subscription(f"a{number}", start, end, amount), rng.choice(WHY)))
    ends = [Subscription("ends", date(*day), None, Fraction(1)) for day in FIRST_AND_LAST]
    return [*made, *((sub, "") for sub in ends)]


def read_rows(rows: Sequence[dict]) -> Lost:
    return {
        row["reason"]: (row["churned_accounts"], Fraction(row["churn_mrr"]))
        for row in rows
        if row["reason"] is not None
    }


@pytest.mark.parametrize("seed", range(25))
def test_random_books_equal_the_walk(tmp_path, seed):
    book = random_book(seed)
    path = tmp_path / "subs.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("customer_id", "start_date", "end_date", "mrr", "region", "churn_reason"))
        for sub, why in book:
            region = "EU" if sub.account < "a4" else "US"
            out.writerow((sub.account, sub.start, sub.end or "", float(sub.amount), region, why))
    accounts = sorted({sub.account for sub, _ in book})
    groups = {"EU": [a for a in accounts if a < "a4"], "US": [a for a in accounts if a >= "a4"]}
    closing, length = 12 * 2025 + 5, random.Random(seed).choice((1, 3, 12, 17))
    asked = ("--as-of", "2025-06", "--window", f"{length}m")
    options = ("--period-end", "exclusive", *asked, "--by", "region")
    rows = run("churn", path, "--by-reason", *options, "-f", "json").json["rows"]
    for name, members in {**groups, None: accounts}.items():
        segment = {} if name is None else {"region": name}
        found = read_rows([row for row in rows if row["segment"] == segment])
        assert found == lost_in(book, closing - length, closing, members)
    rows = run("churn", path, "--by-reason", *options, "--monthly", "-f", "json").json["rows"]
    months = range(closing - length + 1, closing + 1)
    for month in months:
        mine = [r for r in rows if r["segment"] == {} and r["month"] == month_text(month)]
        assert read_rows(mine) == lost_in(book, month - 1, month, accounts)
    options = (*options, "--basis", "monthly")
    rows = run("churn", path, "--by-reason", *options, "-f", "json").json["rows"]
    whole = added([lost_in(book, month - 1, month, accounts) for month in months])
    assert read_rows([row for row in rows if row["segment"] == {}]) == whole


@needs_shared
def test_ravenstack_states_reasons_of_accounts_that_stay():
    """Its accounts have many subscriptions at once: nobody of 2023-12 is gone in 2024-12."""
    folder = SHARED / "data" / "ravenstack"
    data, events = folder / "ravenstack_subscriptions.csv", folder / "ravenstack_churn_events.csv"
    done = run("churn", data, "--reasons", events, "--as-of", "2024-12", "-f", "json")
    (total,) = done.json["rows"]
    assert told([total]) == [(None, None, 0, "0.00")]
    (note,) = [n["message"] for n in done.json["notes"] if n["code"] == "RC875"]
    assert "did not leave do not count" in note


def test_no_output_is_written_over_the_reasons(data, tmp_path):
    events = tmp_path / "churned.csv"
    events.write_text(CHURNED)
    done = run("churn", data, "--reasons", events, "-o", events)
    assert "error RC154" in done.stderr
    assert events.read_text() == CHURNED
