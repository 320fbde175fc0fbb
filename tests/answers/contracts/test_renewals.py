"""Renewals through the command line: small books reckoned by hand, and an oracle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import Run, run
from oracle.days import Dated
from oracle.terms import ends

HEADER = "account,start_date,end_date,mrr,plan\n"
# last days in the window of a year up to June 2026, each end the first day without the term:
# a: 100 due 31 Dec, renewed on time at 120      b: 50 due 31 Jan, never renewed: lost
# c: 80 due 14 Mar, renewed 17 days late at 60   d: 10 due 31 May, renewed 31 days early at 30
# e: 7 due 19 June, can renew up to 20 July: open    f: no end; g begins after the closing
BOOK = (
    HEADER
    + """a,2025-01-01,2026-01-01,100,Pro
a,2026-01-01,2027-01-01,120,Pro
b,2025-02-01,2026-02-01,50,Basic
c,2025-03-15,2026-03-15,80,Pro
c,2026-04-01,2027-04-01,60,Basic
d,2025-06-01,2026-06-01,10,Pro
d,2026-05-01,2027-05-01,30,Pro
e,2025-06-20,2026-06-20,7,Pro
f,2025-06-20,,7,Pro
g,2026-07-01,,7,Pro
"""
)


def ask(folder: Path, text: str, *args: str) -> Run:
    (folder / "subs.csv").write_text(text)
    return run("renewals", "subs.csv", "--period-end", "exclusive", *args, cwd=folder)


def test_the_window_by_hand(tmp_path: Path) -> None:
    total = ask(tmp_path, BOOK, "-f", "json").total
    assert (total["due_accounts"], total["renewed_accounts"]) == (5, 3)
    kinds = [total[f"{name}_accounts"] for name in ("early", "on_time", "late", "lost", "open")]
    assert kinds == [1, 1, 1, 1, 1]
    assert total["due_mrr"] == "247.00"  # 100 + 50 + 80 + 10 + 7
    assert total["renewed_mrr"] == "210.00"  # 120 + 60 + 30
    assert total["kept_mrr"] == "170.00"  # 100 + 60 + 10
    assert (total["lost_mrr"], total["open_mrr"]) == ("50.00", "7.00")
    assert total["renewal_rate"] == 0.75  # 3 of the 4 that are decided
    assert total["gross_renewal_rate"] == pytest.approx(170 / 240)
    assert total["net_renewal_rate"] == pytest.approx(210 / 240)


def test_months_and_segments_add_up_to_the_total(tmp_path: Path) -> None:
    rows = ask(tmp_path, BOOK, "-f", "json", "--monthly", "--by", "plan").json["rows"]
    due = {(r["segment"].get("plan"), r["month"]): r["due_mrr"] for r in rows if r["due_accounts"]}
    assert due == {
        ("Pro", "2025-12"): "100.00",
        ("Basic", "2026-01"): "50.00",
        ("Pro", "2026-03"): "80.00",
        ("Pro", "2026-05"): "10.00",
        ("Pro", "2026-06"): "7.00",
        (None, "2025-12"): "100.00",
        (None, "2026-01"): "50.00",
        (None, "2026-03"): "80.00",
        (None, "2026-05"): "10.00",
        (None, "2026-06"): "7.00",
    }


def test_a_filter_looks_at_what_ends_and_not_at_what_follows(tmp_path: Path) -> None:
    total = ask(tmp_path, BOOK, "-f", "json", "--where", "plan=Pro").total
    assert (total["due_accounts"], total["renewed_accounts"]) == (4, 3)  # a c d e
    assert total["renewed_mrr"] == "210.00"  # c went on at 60 with another plan


def test_the_accounts_behind_it(tmp_path: Path) -> None:
    answer = ask(tmp_path, BOOK, "-f", "json", "--accounts").json
    rows = [(r["account"], r["last_day"], r["status"], r["line"]) for r in answer["rows"]]
    assert rows == [
        ("a", "2025-12-31", "on time", 2),
        ("b", "2026-01-31", "lost", 4),
        ("c", "2026-03-14", "late", 5),
        ("d", "2026-05-31", "early", 7),
        ("e", "2026-06-19", "open", 9),
    ]
    assert answer["sums"][-1]["due_mrr"] == "247.00"


def test_what_falls_due_ahead_is_a_list_for_a_crm(tmp_path: Path) -> None:
    listed = ask(tmp_path, BOOK, "-f", "csv", "--ahead", "10m", "--by", "plan", "--quiet").stdout
    assert listed == (
        "plan,account,term_start,last_day,status,due_mrr,renewed_mrr,source,line\n"
        "Pro,a,2026-01-01,2026-12-31,open,120.00,0.00,subs.csv,3\n"
        "Basic,c,2026-04-01,2027-03-31,open,60.00,0.00,subs.csv,6\n"
        "Pro,d,2026-05-01,2027-04-30,open,30.00,0.00,subs.csv,8\n"
    )
    months = ask(tmp_path, BOOK, "-f", "json", "--ahead", "10m").json["sums"]
    due = {m["month"]: m["due_mrr"] for m in months if m["due_accounts"]}
    assert due == {"2026-12": "120.00", "2027-03": "60.00", "2027-04": "30.00"}
    assert len(months) == 10


def test_what_is_renewed_before_its_due_month_counts_where_it_was_due(tmp_path: Path) -> None:
    """W38: 0 due in January, 100 in February, all renewed in January at twice the value."""
    rows = [
        f"a{i:03},2024-02-10,2025-02-10,1,x\na{i:03},2025-01-15,2026-01-15,2,x\n"
        for i in range(100)
    ]
    rows.append("z,2024-01-01,,5,x\n")
    months = ask(
        tmp_path, HEADER + "".join(rows), "-f", "json", "--monthly", "--window", "1q",
        "--as-of", "2025-03",
    ).json["rows"]  # fmt: skip
    seen = [(m["month"], m["renewed_accounts"], m["due_accounts"]) for m in months]
    assert seen == [("2025-01", 0, 0), ("2025-02", 100, 100), ("2025-03", 0, 0)]
    assert months[0]["renewal_rate"] is None
    assert months[0]["reasons"]["renewal_rate"] == "nothing_due"
    quarter = ask(
        tmp_path, HEADER + "".join(rows), "-f", "json", "--window", "1q", "--as-of", "2025-03"
    ).total
    assert (quarter["renewed_accounts"], quarter["due_accounts"]) == (100, 100)
    assert (quarter["renewed_mrr"], quarter["due_mrr"]) == ("200.00", "100.00")
    assert (quarter["renewal_rate"], quarter["gross_renewal_rate"]) == (1, 1)
    assert quarter["net_renewal_rate"] == 2


def test_what_is_renewed_early_is_said_in_money(tmp_path: Path) -> None:
    said = ask(tmp_path, BOOK).stdout
    assert "1 account renewed before the term was over: 30.00 of MRR counts beside" in said
    assert "2 rows run without an end: not up for renewal" in said


def test_the_days_that_renew_are_those_of_the_config(tmp_path: Path) -> None:
    (tmp_path / "retcalc.yaml").write_text("renewal: {early: 30d, late: 16}\n")
    total = ask(tmp_path, BOOK, "-f", "json").total
    # c came 17 days late, d 31 days early, and nothing renews e any more but for its 10 days
    assert (total["renewed_accounts"], total["lost_accounts"], total["open_accounts"]) == (1, 3, 1)


def test_days_of_the_config_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "retcalc.yaml").write_text("renewal: {early: soon}\n")
    done = ask(tmp_path, BOOK)
    assert done.exit_code == 2
    assert "is not a number of days such as 30d" in done.stderr


def test_periods_of_invoices_are_terms(tmp_path: Path) -> None:
    """A year at 1,200 and a year at 2,400: 100 a month due on 31 December, renewed at 200."""
    (tmp_path / "bills.csv").write_text(
        "customer,amount,period_start,period_end\n"
        "a,1200,2024-01-01,2025-01-01\na,2400,2025-01-01,2026-01-01\n"
    )
    total = run(
        "renewals", "bills.csv", "-f", "json", "--as-of", "2025-01", "--window", "3m", cwd=tmp_path
    ).total
    assert (total["due_accounts"], total["due_mrr"], total["renewed_mrr"]) == (
        1,
        "100.00",
        "200.00",
    )


def test_months_only_tell_no_terms(tmp_path: Path) -> None:
    (tmp_path / "mrr.csv").write_text("account,month,mrr\na,2024-01,10\na,2024-02,10\n")
    done = run("renewals", "mrr.csv", cwd=tmp_path)
    assert done.exit_code == 3
    assert "RC282: nothing tells the terms of contracts" in done.stderr


FIRST = date(2024, 1, 1)


@st.composite
def books(draw: st.DrawFn) -> list[Dated]:
    """Terms of a few accounts that begin around the ends of others."""
    rows = []
    for account in draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)):
        day = FIRST + timedelta(draw(st.integers(0, 40)))
        for _ in range(draw(st.integers(1, 5))):
            length = draw(st.sampled_from([1, 20, 31, 90, 180, 365]))
            end = None if draw(st.integers(0, 9)) == 0 else day + timedelta(length)
            plan, amount = draw(st.sampled_from("xy")), draw(st.integers(1, 9))
            rows.append(Dated(account, day, end, amount, plan))
            gap = draw(st.sampled_from([-200, -90, -89, -31, -5, 0, 0, 0, 1, 30, 31, 60]))
            day = max(FIRST, (end or day) + timedelta(gap))
    return rows


@settings(max_examples=120, deadline=None)
@given(rows=books(), early=st.sampled_from([0, 30, 90]), late=st.sampled_from([0, 30]))
def test_it_agrees_with_terms_walked_pair_by_pair(
    rows: Sequence[Dated], early: int, late: int
) -> None:
    closing, opening = date(2024, 12, 31), date(2024, 1, 31)
    text = HEADER + "".join(
        f"{r.account},{r.start},{r.end or ''},{r.amount},{r.plan}\n" for r in rows
    )
    # an account that runs all year makes a whole window, and is never due
    text += "always,2024-01-01,,1,x\n"
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "retcalc.yaml").write_text(f"renewal: {{early: {early}d, late: {late}d}}\n")
        args = ("-f", "json", "--as-of", "2024-12", "--window", "11m", "--duplicates", "sum")
        total = ask(folder, text, *args).total
    due = [e for e in ends(rows, early, late) if opening < e.end - timedelta(1) <= closing]
    status = [e.status(late, closing) for e in due]
    assert total["due_accounts"] == len(due)
    for kind in ("early", "on time", "late", "lost", "open"):
        assert total[f"{kind.replace(' ', '_')}_accounts"] == status.count(kind), kind
    assert Fraction(total["due_mrr"]) == sum(e.due for e in due)
    assert Fraction(total["renewed_mrr"]) == sum(e.renewed for e in due)
    assert Fraction(total["kept_mrr"]) == sum(min(e.due, e.renewed) for e in due)
    undecided = sum(e.due for e, s in zip(due, status, strict=True) if s == "open")
    assert Fraction(total["open_mrr"]) == undecided


def test_check_judges_the_rates(tmp_path: Path) -> None:
    """Of the five due one is open: three of four renewed, 170 of 240 kept, 210 of 240 renewed."""
    (tmp_path / "subs.csv").write_text(BOOK)
    rules = [
        "{metric: renewal_rate, equals: 0.75}",
        "{metric: gross_renewal_rate, min: 0.7, max: 0.71}",
        "{metric: net_renewal_rate, min: 0.9}",
        "{metric: renewal_rate, min: 0.9, where: {plan: Pro}}",
    ]
    (tmp_path / "rules.yaml").write_text("checks:\n" + "".join(f"  - {r}\n" for r in rules))
    command = ("check", "subs.csv", "-c", "rules.yaml", "--as-of", "2026-06", "-f", "json")
    done = run(*command, cwd=tmp_path)
    statuses = [row["status"] for row in json.loads(done.stdout)["rows"]]
    assert (done.exit_code, statuses) == (1, ["ok", "ok", "ok", "failed", "ok"])
