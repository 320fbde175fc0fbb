"""Logs of events, states and plans under any header and in other languages, through the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import Run, run


def ask(folder: Path, text: str, *options: str) -> Run:
    (folder / "data.csv").write_text(text)
    return run("movements", "data.csv", "-f", "json", *options, cwd=folder)


def closings(done: Run) -> list[str]:
    return [row["closing_mrr"] for row in done.json["rows"]]


def accounts(done: Run) -> list[int]:
    return [row["closing_accounts"] for row in done.json["rows"]]


# A begins at 100 and rises to 140 in February, B has 60 until it leaves in March, C begins in
# April: 100 + 60, 140 + 60, 140
EVENTS = (
    ("A", "2025-01-05", "0", "100"),
    ("B", "2025-01-10", "0", "60"),
    ("A", "2025-02-10", "100", "140"),
    ("B", "2025-03-20", "60", "0"),
    ("C", "2025-04-01", "0", "20"),
)
WORDS = {
    "customer_id,occurred_at,event,old_mrr,new_mrr": (
        "subscription.created",
        "subscription.updated",
        "subscription.canceled",
    ),
    "customer_id,date,event_type,mrr_before,mrr_after": ("new", "expansion", "churn"),
    "account,event_date,what,from_mrr,to_mrr": ("signup", "upgrade", "cancel"),
    "Client,Date,Type,MRR avant,MRR après": ("nouveau", "hausse", "résiliation"),
    "account,date,action,previous_price,new_price": ("subscribe", "upgrade", "unsubscribe"),
}


def log(header: str, new: str, more: str, gone: str) -> str:
    kinds = (new, new, more, gone, new)
    rows = (f"{a},{d},{k},{b},{c}" for (a, d, b, c), k in zip(EVENTS, kinds, strict=True))
    return "\n".join([header, *rows]) + "\n"


@pytest.mark.parametrize("header", WORDS)
def test_the_mrr_after_each_event_holds_until_the_next(tmp_path: Path, header: str) -> None:
    assert closings(ask(tmp_path, log(header, *WORDS[header]))) == ["160.00", "200.00", "140.00"]


def test_the_mrr_after_is_no_change_whatever_the_config_calls_it(tmp_path: Path) -> None:
    header = "customer_id,date,event_type,mrr_before,mrr_after"
    (tmp_path / "retcalc.yaml").write_text("columns: {change: mrr_after}\n")
    done = ask(tmp_path, log(header, *WORDS[header]))
    assert closings(done) == ["160.00", "200.00", "140.00"]
    told = [n["message"] for n in done.json["notes"] if n["code"] == "RC899"]
    assert any("mrr_before stands beside it" in text for text in told)
    assert not [n for n in done.json["notes"] if n["code"] in ("RC817", "RC866")]


def test_the_amount_after_events_that_is_named_is_a_state(tmp_path: Path) -> None:
    header = "customer_id,occurred_at,event,old_mrr,new_mrr"
    done = ask(tmp_path, log(header, *WORDS[header]), "--mrr-column", "new_mrr")
    assert closings(done) == ["160.00", "200.00", "140.00"]


KINDS = "date,customer,{0},mrr_delta\n2025-01-05,A,new,100\n2025-02-05,A,{1},30\n"
SIGNED = KINDS + "2025-02-06,B,new,50\n2025-03-06,B,churn,-50\n2025-04-01,A,expansion,1\n"
BARE = SIGNED.replace("-50", "50")


@pytest.mark.parametrize("header", ["kind", "type", "movement_type", "art", "category"])
@pytest.mark.parametrize("text", [SIGNED, BARE])
def test_an_unknown_kind_is_refused_under_any_header(
    tmp_path: Path, header: str, text: str
) -> None:
    refused = ask(tmp_path, text.format(header, "frobnicated"))
    assert refused.exit_code == 3
    assert "error RC254" in refused.stderr


def test_an_unknown_kind_is_settled_as_printed(tmp_path: Path) -> None:
    """With signs: 100, 180, 130 as they add up, 100, 150, 100 without the row of that kind."""
    text = SIGNED.format("kind", "frobnicated")
    assert closings(ask(tmp_path, text, "--ignore", "kind")) == ["100.00", "180.00", "130.00"]
    left = ask(tmp_path, text, "--word", "frobnicated=none")
    assert closings(left) == ["100.00", "150.00", "100.00"]
    assert [n["message"] for n in left.json["notes"] if n["code"] == "RC815"] == [
        "no movement, left out: kind is frobnicated"
    ]
    bare = BARE.format("kind", "frobnicated")
    less = ask(tmp_path, bare, "--word", "frobnicated=contraction")
    assert closings(less) == ["100.00", "120.00", "70.00"]
    (tmp_path / "retcalc.yaml").write_text("words: {Frobnicated: expansion}\n")
    assert closings(ask(tmp_path, bare)) == ["100.00", "180.00", "130.00"]


PLANS = (
    "1,Basic,2025-01-05\n1,Pro,2025-03-05\n1,{0},2025-05-05\n"
    "2,Pro,2025-01-10\n2,{1},2025-04-10\n3,Basic,2025-06-01\n"
)


@pytest.mark.parametrize(
    ("header", "gone", "free"),
    [
        ("user_id,plan,started", "cancelled", "free"),
        ("customer,tier,effective_date", "churned", "Free"),
        ("customer,abo,valid_from", "gekündigt", "kostenlos"),
        ("customer,formule,status_date", "résilié", "suspendu"),
    ],
)
def test_a_history_of_plans_without_amounts_answers_in_accounts(
    tmp_path: Path, header: str, gone: str, free: str
) -> None:
    """1 leaves in May, 2 in April, 3 comes on 1 June, which is not over."""
    done = ask(tmp_path, f"{header}\n" + PLANS.format(gone, free))
    assert accounts(done) == [2, 2, 2, 1, 0]


def test_signups_that_tell_of_no_end_are_refused_without_a_name_to_fill_in(tmp_path: Path) -> None:
    refused = ask(tmp_path, "user_id,plan,started\n1,Basic,2025-01-05\n2,Pro,2025-02-10\n")
    assert "error RC202" in refused.stderr
    assert "COLUMN" not in refused.stderr


def test_statuses_on_days_of_their_own_are_asked_about(tmp_path: Path) -> None:
    """B tries in January and pays from February on; A has left in March: 100, 150, 50."""
    text = (
        "customer,date,status,mrr\nA,2025-01-05,active,100\nA,2025-03-10,cancelled,0\n"
        "B,2025-01-10,trial,0\nB,2025-02-12,active,50\nC,2025-04-02,active,10\n"
    )
    refused = ask(tmp_path, text)
    assert "fix    --shape states  " in refused.stderr
    assert closings(ask(tmp_path, text, "--shape", "states")) == ["100.00", "150.00", "50.00"]


def test_a_panel_with_renewals_is_one(tmp_path: Path) -> None:
    text = (
        "customer,month,event,mrr\nA,2025-01,new,100\nB,2025-01,new,50\nA,2025-02,renewal,100\n"
        "B,2025-02,churn,0\nA,2025-03,upgrade,120\n"
    )
    assert closings(ask(tmp_path, text)) == ["150.00", "100.00", "120.00"]


@pytest.mark.parametrize(
    "header",
    [
        "payout_id,account_id,arrival_date,amount,status",
        "payout_batch,merchant,paid_out_at,amount,status",
        "auszahlung_nr,kunde,datum,betrag,status",
    ],
)
def test_payouts_to_accounts_are_no_subscriptions(tmp_path: Path, header: str) -> None:
    refused = ask(tmp_path, f"{header}\npo1,A,2025-01-05,100.00,paid\npo2,B,2025-01-06,5.00,paid\n")
    assert "error RC205: the export lists payouts, no subscriptions" in refused.stderr


def test_unread_columns_are_set_aside_as_printed(tmp_path: Path) -> None:
    text = "customer,month,mrr,seats\nA,2025-01,100,3\n"
    assert "fix    --ignore seats   if it does not matter" in ask(tmp_path, text).stderr
    quiet = ask(tmp_path, text, "--ignore", "seats", "--strict")
    assert closings(quiet) == ["100.00"]


LATE = (
    "customer_id,date,event_type,mrr_before,mrr_after\nA,2025-03-10,expansion,100,150\n"
    "B,2025-01-10,new,0,100\nB,2025-02-20,churn,100,0\nC,2025-01-20,contraction,30,20.50\n"
    "D,2025-04-02,new,0,10\n"
)


@pytest.mark.parametrize("turned", [False, True])
def test_what_was_in_force_before_the_first_row_counts_from_the_first_month(
    tmp_path: Path, *, turned: bool
) -> None:
    """A has 100 before its expansion in March: 100 + 100 + 20.50, 100 + 20.50, 150 + 20.50."""
    header, *rows = LATE.splitlines(keepends=True)
    done = ask(tmp_path, header + "".join(rows[::-1] if turned else rows))
    assert closings(done) == ["220.50", "120.50", "170.50"]
    assert done.json["rows"][2]["expansion_mrr"] == "50.00"
    (note,) = (n for n in done.json["notes"] if n["code"] == "RC823")
    assert note["message"].startswith("2 accounts have MRR before their first row (mrr_before)")


def test_a_row_that_does_not_begin_where_the_one_before_it_ended_is_refused(tmp_path: Path) -> None:
    text = LATE.replace("churn,100,0", "churn,90,0")
    refused = ask(tmp_path, text)
    assert "error RC235" in refused.stderr
    assert "data.csv, line 4" in refused.stderr
    assert closings(ask(tmp_path, text, "--ignore", "mrr_before"))[1] == "20.50"


BALANCE = (
    "customer,date,art,saldo\nA,2025-01-05,Neu,100\nA,2025-03-10,Erweiterung,{0}\n"
    "B,2025-01-10,Neu,100\nB,2025-02-20,Kündigung,0\nC,2025-04-01,Neu,1\n"
)


def test_amounts_that_are_zero_where_nothing_is_left_are_what_is_left(tmp_path: Path) -> None:
    """A has 100, from March on 150; B 100 until February."""
    done = ask(tmp_path, BALANCE.format(150), "--mrr-column", "saldo")
    assert closings(done) == ["200.00", "100.00", "150.00"]
    (tmp_path / "retcalc.yaml").write_text("columns: {change: saldo, movement: art}\n")
    assert closings(ask(tmp_path, BALANCE.format(150))) == ["200.00", "100.00", "150.00"]


def test_an_expansion_to_less_than_before_is_asked_about(tmp_path: Path) -> None:
    refused = ask(tmp_path, BALANCE.format(50), "--mrr-column", "saldo")
    assert "error RC249" in refused.stderr
