"""Exports of Stripe, recognised by their headers; small ones of our own making, worked by hand."""
# ruff: noqa: E501 (exports are as wide as they are)

from pathlib import Path

import pytest

from book.books import book, codes, joined, months, mrr_of, named
from retcalc.core.findings import RetcalcError

STRIPE_SUBSCRIPTIONS = """
id,Customer ID,Customer Name,Customer Email,Status,Cancellation Reason,Amount,Plan price ID,Created (UTC),Start (UTC),Start Date (UTC),Current Period Start (UTC),Current Period End (UTC),Trial Start (UTC),Trial End (UTC),Canceled At (UTC),Ended At (UTC),team (metadata)
sub_1,cus_a,A,a@example.com,active,,29.00,price_m,2024-01-10 9:56,2024-01-10 9:56,2024-01-10 9:56,2024-05-10 9:56,2024-06-10 9:56,,,,,core
sub_2,cus_b,B,b@example.com,canceled,too_expensive,348.00,price_y,2024-01-31 23:10,2024-01-31 23:10,2024-01-31 23:10,2024-01-31 23:10,2025-01-31 23:10,,,2024-03-20 10:00,2024-04-02 10:00,
sub_3,cus_c,C,c@example.com,trialing,,29.00,price_m,2024-05-20 8:00,2024-05-20 8:00,2024-05-20 8:00,2024-05-20 8:00,2024-06-20 8:00,2024-05-20 8:00,2024-06-03 8:00,,,
sub_4,cus_d,D,d@example.com,active,,29.00,price_m,2024-02-20 8:00,2024-02-20 8:00,2024-02-20 8:00,2024-05-05 8:00,2024-06-05 8:00,2024-02-20 8:00,2024-03-05 8:00,,,
sub_5,cus_e,E,e@example.com,past_due,,29.00,price_m,2024-03-01 8:00,2024-03-01 8:00,2024-03-01 8:00,2024-05-01 8:00,2024-06-01 8:00,,,,,
sub_6,cus_f,F,f@example.com,incomplete_expired,,29.00,price_m,2024-03-01 8:00,2024-03-01 8:00,2024-03-01 8:00,2024-03-01 8:00,2024-04-01 8:00,,,,2024-03-02 8:00,
sub_7,cus_a,A,a@example.com,active,,10.00,price_m,2024-05-31 8:00,2024-05-31 8:00,2024-05-31 8:00,2024-05-31 8:00,2024-06-30 8:00,,,2024-05-31 9:00,,
"""


def test_stripe_subscriptions(tmp_path: Path) -> None:
    """The price is for the current period; a trial's revenue begins at its end.

    The latest start is 31 May, so May is complete. The trialing and the never-paid one are none.
    """
    made = book(tmp_path, STRIPE_SUBSCRIPTIONS)
    assert mrr_of(made) == {
        "cus_a": joined(months("2024-01", "2024-04", 29), months("2024-05", "2024-05", 39)),
        "cus_b": months("2024-01", "2024-03", 29),
        "cus_d": months("2024-03", "2024-05", 29),
        "cus_e": months("2024-03", "2024-05", 29),
    }
    assert "Stripe subscriptions" in named(made)
    assert {"RC815", "RC824", "RC831", "RC898"} <= codes(made)


def test_stripe_churn_dates(tmp_path: Path) -> None:
    """b was cancelled on 20 March, ended on 2 April and had paid until 31 January 2025.

    The scheduled cancelling of the active sub_7 ends it on 31 May under that rule only.
    """
    cancelled = mrr_of(book(tmp_path, STRIPE_SUBSCRIPTIONS, "billing: {churn_date: cancelled}"))
    assert cancelled["cus_b"] == months("2024-01", "2024-02", 29)
    assert cancelled["cus_a"] == months("2024-01", "2024-05", 29)
    rule = "billing: {churn_date: end_of_paid_period}"
    paid = mrr_of(book(tmp_path, STRIPE_SUBSCRIPTIONS, rule))
    assert paid["cus_b"] == months("2024-01", "2024-05", 29)


def test_stripe_past_due_dropped(tmp_path: Path) -> None:
    """e has not paid since its current period began on 1 May."""
    dropped = mrr_of(book(tmp_path, STRIPE_SUBSCRIPTIONS, "billing: {past_due: drop}"))
    assert dropped["cus_e"] == months("2024-03", "2024-04", 29)


def test_stripe_amounts_in_cents_are_a_question(tmp_path: Path) -> None:
    cents = STRIPE_SUBSCRIPTIONS.replace(".00,price", "00,price")
    with pytest.raises(RetcalcError) as refused:
        book(tmp_path, cents)
    assert {f.code for f in refused.value.findings} == {"RC216"}
    assert "--unit minor" in (refused.value.findings[0].fix or "")
    told = book(tmp_path, cents, "amounts: {unit: minor}")
    assert mrr_of(told) == mrr_of(book(tmp_path, STRIPE_SUBSCRIPTIONS, "amounts: {unit: major}"))


STRIPE_INVOICES = """
id,Amount Due,Currency,Customer,Date (UTC),Paid,Minimum Line Item Period Start (UTC),Maximum Line Item Period End (UTC),Subscription,Subtotal,Total Discount Amount,Tax,Tax Percent,Total,Status
in_1,"34,80",eur,cus_a,2024-01-10 9:56,TRUE,2024-01-10 9:56,2024-02-10 9:56,sub_1,"29,00","0,00","5,80",20,"34,80",paid
in_2,"34,80",eur,cus_a,2024-02-10 9:56,TRUE,2024-02-10 9:56,2024-03-10 9:56,sub_1,"29,00","0,00","5,80",20,"34,80",paid
in_3,"313,20",eur,cus_b,2024-01-31 9:00,TRUE,2024-01-31 9:00,2025-01-31 9:00,sub_2,"348,00","34,80",,,"313,20",paid
in_4,"29,00",eur,cus_c,2024-01-15 9:00,FALSE,2024-01-15 9:00,2024-02-15 9:00,sub_3,"29,00","0,00",,,"29,00",open
in_5,"29,00",eur,cus_d,2024-01-15 9:00,FALSE,2024-01-15 9:00,2024-02-15 9:00,sub_4,"29,00","0,00",,,"29,00",void
in_6,"29,00",eur,cus_e,2024-02-28 9:00,FALSE,2024-02-28 9:00,2024-03-28 9:00,sub_5,"29,00","0,00",,,"29,00",draft
in_7,"0,00",eur,cus_f,2024-01-20 9:00,TRUE,2024-01-20 9:00,2024-02-20 9:00,sub_6,"0,00","0,00",,,"0,00",paid
in_8,"72,00",eur,cus_a,2024-01-14 15:43,TRUE,2024-01-14 15:44,2024-01-14 15:44,,"72,00","0,00",,,"72,00",paid
in_9,"-12,00",eur,cus_b,2024-02-29 9:00,TRUE,2024-02-29 9:00,2025-02-28 9:00,sub_2,"-12,00","0,00",,,"-12,00",paid
"""


def test_stripe_invoices(tmp_path: Path) -> None:
    """Decimal commas, no tax, discounts count, zero and one-off lines are none, a credit lowers.

    The latest period begins on 29 February: the month is complete. b pays 313.20 / 12 = 26.10 and
    gets 12 / 12 back from February on.
    """
    made = book(tmp_path, STRIPE_INVOICES, "billing: {undated: one-off}", decimal=",")
    assert mrr_of(made) == {
        "cus_a": months("2024-01", "2024-02", 29),
        "cus_b": joined(months("2024-01", "2024-01", "26.1"), months("2024-02", "2024-02", "25.1")),
        "cus_c": months("2024-01", "2024-01", 29),
    }
    assert made.currency.code == "EUR"
    assert {"RC815", "RC820", "RC821", "RC898"} <= codes(made)
    assert "Stripe invoices" in named(made)


def test_stripe_invoices_before_discounts(tmp_path: Path) -> None:
    gross = book(
        tmp_path,
        STRIPE_INVOICES,
        "billing: {discounts: gross, undated: one-off}",
        decimal=",",
    )
    assert mrr_of(gross)["cus_b"]["2024-01"] == 29


STRIPE_LINES = """
id,invoice_id,amount,currency,description,period_end,period_start,plan_id,proration,quantity,subscription_id,type
il_1,in_1,2900,usd,a,2024-02-18 14:16:37,2024-01-18 14:16:37,p,FALSE,1,sub_1,subscription
il_2,in_1,1000,usd,a,2024-02-18 14:16:37,2024-01-18 14:16:37,q,FALSE,1,sub_1,subscription
il_3,in_2,34800,usd,b,2025-01-31 14:16:37,2024-01-31 14:16:37,p,FALSE,1,sub_2,subscription
"""


def test_stripe_invoice_lines(tmp_path: Path) -> None:
    """Cents; without a customer column the subscription is the account."""
    made = book(tmp_path, STRIPE_LINES)
    assert mrr_of(made) == {"sub_1": {"2024-01": 39}, "sub_2": {"2024-01": 29}}


def test_stripe_subscriptions_without_prices(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """
        id,billing_cycle_anchor,canceled_at,created,current_period_end,current_period_start,customer_id,ended_at,quantity,start_date,status,trial_end
        s1,2024-01-05 10:00:00,2024-02-10 10:00:00,2024-01-05 10:00:00,2024-03-05 10:00:00,2024-02-05 10:00:00,a,2024-03-05 10:00:00,4,2024-01-05 10:00:00,canceled,
        s2,2024-03-31 10:00:00,,2024-03-31 10:00:00,2024-04-30 10:00:00,2024-03-31 10:00:00,b,,1,2024-03-31 10:00:00,active,
        """,
    )
    assert mrr_of(made) == {"a": months("2024-01", "2024-02", 1), "b": {"2024-03": 1}}
    assert not made.revenue


def test_lines_of_invoices_are_told_by_their_invoice(tmp_path: Path) -> None:
    """Start and end dates beside an invoice are a service period, not a subscription's life."""
    made = book(
        tmp_path,
        """
        id,invoice_id,account_id,amount,start_date,end_date
        1,i1,a,120.00,2024-01-01,2024-12-31
        2,i1,a,-5.00,2024-01-01,2024-01-31
        3,i2,b,10.00,2024-02-29,
        4,i3,b,1.00,2024-02-29,2024-03-28
        """,
        left_out="10%",
    )
    assert made.shape == "invoices"
    assert mrr_of(made) == {"a": {"2024-01": 5, "2024-02": 10}, "b": {"2024-02": 1}}
