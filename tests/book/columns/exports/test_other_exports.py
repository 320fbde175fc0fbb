"""Exports that are no subscriptions are refused with what they are and what to give instead."""

import shlex
from pathlib import Path

import pytest

from helpers import Run, run

OTHERS = {
    "a catalogue of plans or products": (
        "id,name,amount,interval,currency,created|p1,Basic,10,month,USD,2024-01-01",
        "plan_id,plan_name,price,billing_interval,created_at|p1,Basic,10,month,2024-01-01",
        "product_id,product_name,unit_price,created_at,category|p1,Basic,10,2024-01-01,x",
        "Price ID,Product Name,Created (UTC),Amount,Currency,Interval|p,Pro,2024-01-01,9,usd,month",
        "code,percent_off,amount_off,duration,created|X,10,,once,2024-01-01",
        "sku,name,price|s1,Basic,10",
    ),
    "refunds": (
        "id,charge_id,customer_id,amount,reason,created,status|r,c,a,10,dup,2024-01-01,succeeded",
        "refund_id,customer_id,refund_amount,refund_date,reason|r,a,10,2024-01-01,x",
        "Refund ID,Customer,Amount,Created|r,a,10,2024-01-01",
    ),
    "support tickets": (
        "ticket_id,customer_id,subject,priority,status,created_at|1,a,help,high,open,2024-01-01",
        "id,subject,priority,customer,created|1,help,high,a,2024-01-01",
    ),
    "payouts": (
        "id,amount,arrival_date,created,currency,status|po1,100,2024-01-05,2024-01-01,usd,paid",
        "payout_id,date,amount,fee,net|po1,2024-01-05,100,1,99",
    ),
}
SUBSCRIPTIONS = (
    "customer_id,plan,start_date,end_date,amount,refund_amount|a,Pro,2024-01-31,,10,2",
    "email,plan,price,created_at|a@b.c,Pro,10,2024-01-31",
    "name,product,price,started|Ann,Pro,10,2024-01-31",
    "account,month,product_id,mrr|a,2024-01,p1,10",
    "account,month,ticket_id,mrr|a,2024-01,1,10",
    "customer,charge_id,reason,month,mrr|a,c,renewal,2024-01,10",
)


def ask(folder: Path, text: str, *args: str) -> Run:
    (folder / "data.csv").write_text(text.replace("|", "\n") + "\n")
    return run("movements", "data.csv", "-f", "json", *args, cwd=folder)


@pytest.mark.parametrize(("what", "text"), [(w, t) for w, texts in OTHERS.items() for t in texts])
def test_what_is_no_subscription_is_said(tmp_path: Path, what: str, text: str) -> None:
    done = ask(tmp_path, text)
    assert (done.exit_code, done.stdout) == (3, "")
    assert f"error RC205: the export lists {what}, no subscriptions" in done.stderr
    assert "  fix    give the subscriptions" in done.stderr
    assert done.stderr.count("error RC") == 1


@pytest.mark.parametrize("text", SUBSCRIPTIONS)
def test_subscriptions_that_tell_of_more_are_read(tmp_path: Path, text: str) -> None:
    (row,) = ask(tmp_path, text).json["rows"]
    assert row["closing_mrr"] == "10.00"


def test_who_names_the_account_or_the_shape_knows_better(tmp_path: Path) -> None:
    catalogue, refund = OTHERS["a catalogue of plans or products"][1], OTHERS["refunds"][0]
    named = ask(tmp_path, catalogue, "--customer-column", "plan_name")
    assert named.json["rows"][0]["closing_mrr"] == "10.00"
    shaped = ask(tmp_path, refund, "--shape", "payments")
    assert shaped.json["rows"][0]["closing_mrr"] == "10.00"


OWNED = (
    "id,{},started_at,ended_at,mrr|1,A,2025-01-05,2025-02-10,50|2,A,2025-02-10,,80"
    "|3,B,2025-01-20,,30|4,C,2025-02-28,,30"
)


@pytest.mark.parametrize("owner", ["shop_id", "Account Owner", "school", "payer"])
def test_an_id_beside_an_owner_is_asked_about(tmp_path: Path, owner: str) -> None:
    """A pays 50 and then 80, B 30, C 30 from February: 80 and then 140."""
    done = ask(tmp_path, OWNED.format(owner))
    assert (done.exit_code, "error RC256" in done.stderr) == (3, True)
    fix = next(line for line in done.stderr.splitlines() if "  fix    " in line)[9:]
    pasted = shlex.split(fix.partition("   or  ")[0])
    rows = ask(tmp_path, OWNED.format(owner), *pasted).json["rows"]
    assert [row["closing_mrr"] for row in rows] == ["80.00", "140.00"]


def test_an_id_of_a_sheet_is_asked_about_beside_an_owner_only(tmp_path: Path) -> None:
    sheet = "id,{},2024-01,2024-02|1,A,5,6|2,A,7,8"
    refused = ask(tmp_path, sheet.format("owner"))
    assert "--customer-column owner   or  --customer-column id" in refused.stderr
    rows = ask(tmp_path, sheet.format("note")).json["rows"]
    assert [row["closing_accounts"] for row in rows] == [2, 2]


def test_what_is_sold_owns_nothing(tmp_path: Path) -> None:
    """An id that comes again, beside the id of a plan, is the account."""
    text = "id,plan_id,month,mrr|1,p,2024-01,5|1,p,2024-02,6|2,q,2024-02,7"
    rows = ask(tmp_path, text).json["rows"]
    assert [row["closing_mrr"] for row in rows] == ["5.00", "13.00"]


def test_items_of_subscriptions_need_their_account(tmp_path: Path) -> None:
    """The fix names the column to join by, and the option that makes each an account."""
    path = tmp_path / "items.csv"
    path.write_text(
        "id,subscription_id,product_id,unit_amount,created_at\n"
        "i1,s1,p1,10.50,2024-01-31\ni2,s2,p1,20.00,2024-01-31\n"
    )
    done = run("nrr", path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC205: the export lists items of what accounts bought" in done.stderr
    fix = next(line for line in done.stderr.splitlines() if line.startswith("  fix"))
    option = shlex.split(fix[fix.index("--customer-column") :])
    assert run("nrr", path, *option, "-f", "json").json["rows"][-1]["closing_mrr"] == "30.50"
