"""Exports recognised by their headers: small ones of our own making, with each export's quirks.

The expected figures are worked out by hand beside each export.
"""
# ruff: noqa: E501 (exports are as wide as they are)

from pathlib import Path

import pytest

from book.books import book, codes, joined, months, mrr_of, named, write
from helpers import SHARED, needs_shared, run
from retcalc.book.columns.exports.known_exports import presets
from retcalc.core.findings import RetcalcError

CHARTMOGUL_MOVEMENTS = """
date,type,activity-mrr,activity-mrr-movement,activity-arr,currency,description,customer-uuid,customer-name,customer-external-id,subscription-external-id,plan-external-id,billing-connector-uuid,uuid
2024-04-30T10:00:00Z,churn,0,-3000,0,USD,cancelled,cus_a,A,1,sub_1,p,bc,u5
2024-03-10T10:00:00Z,contraction,3000,-1000,36000,USD,downgrade,cus_a,A,1,sub_1,p,bc,u4
2024-02-15T10:00:00Z,expansion,4000,1000,48000,USD,upgrade,cus_a,A,1,sub_1,p,bc,u3
2024-02-01T10:00:00Z,new_biz,900,900,10800,USD,new,cus_b,B,2,sub_2,p,bc,u2
2024-01-05T10:00:00Z,new_biz,3000,3000,36000,USD,new,cus_a,A,1,sub_1,p,bc,u1
"""


def test_chartmogul_movements(tmp_path: Path) -> None:
    """Cents, newest first, checked against the running MRR of the customer."""
    made = book(tmp_path, CHARTMOGUL_MOVEMENTS)
    assert mrr_of(made) == {
        "cus_a": {"2024-01": 30, "2024-02": 40, "2024-03": 30},
        "cus_b": months("2024-02", "2024-04", 9),
    }
    assert "ChartMogul MRR movements" in named(made)
    assert "add up to activity-mrr in every row" in named(made)


def test_chartmogul_movements_that_do_not_add_up(tmp_path: Path) -> None:
    with pytest.raises(RetcalcError) as refused:
        book(
            tmp_path,
            CHARTMOGUL_MOVEMENTS.replace("contraction,3000,-1000", "contraction,3000,-900"),
        )
    (error,) = refused.value.findings
    assert (error.code, error.spots[0].line, error.header) == ("RC235", 3, "activity-mrr")


def test_chartmogul_subscriptions(tmp_path: Path) -> None:
    """A cancelled row keeps its last MRR, but counts until its end only."""
    made = book(
        tmp_path,
        """
        CUSTOMER_UUID,CUSTOMER_NAME,CUSTOMER_SUBSCRIPTION_ID,BILLING_SYSTEM,PLAN_UUID,PLAN_NAME,QUANTITY,MRR,ARR,CURRENCY,INTERVAL_UNIT,INTERVAL_COUNT,STATUS,START_DATE,END_DATE
        cus_a,A,s1,Stripe,p,Pro,3,9000,108000,USD,month,1,Active,2024-01-02,2024-02-02
        cus_b,B,s2,Stripe,p,Pro,1,2500,30000,USD,year,1,Cancelled,2024-01-02,2024-03-02
        cus_c,C,s3,Stripe,p,Pro,1,2500,30000,USD,month,1,Active,2024-04-30,
        """,
    )
    assert mrr_of(made) == {
        "cus_a": months("2024-01", "2024-04", 90),
        "cus_b": months("2024-01", "2024-02", 25),
        "cus_c": {"2024-04": 25},
    }
    assert "RC818" in codes(made)


def test_chartmogul_customers_have_no_history(tmp_path: Path) -> None:
    text = """
    MRR,ARR,PLAN_NAME,BILLING_CYCLE,COUNTRY,SUBSCRIBER_SINCE,STATUS,UUID
    2900,34800,Pro|Basic,Monthly,DE,2023-04-01,Active,cus_a
    """
    with pytest.raises(RetcalcError) as refused:
        book(tmp_path, text)
    assert [f.code for f in refused.value.findings] == ["RC205"]
    assert "--customers" in (refused.value.findings[0].fix or "")


def test_chargebee_monthly_summary(tmp_path: Path) -> None:
    """The month is its last day; two subscriptions of one customer add up."""
    made = book(
        tmp_path,
        """
        id,customer_id,subscription_id,reporting_timezone,reporting_month,status,status_previous,billing_currency_code,mrr_billing_currency,mrr_previous_billing_currency,reporting_currency_code,exchange_rate
        1,a,s1,UTC,2024-01-31,active,,USD,100.00,0.00,USD,1
        2,a,s2,UTC,2024-01-31,active,,USD,20.50,0.00,USD,1
        3,b,s3,UTC,2024-01-31,active,,USD,30.00,0.00,USD,1
        4,a,s1,UTC,2024-02-29,active,active,USD,100.00,100.00,USD,1
        5,b,s3,UTC,2024-02-29,cancelled,active,USD,0.00,30.00,USD,1
        """,
    )
    assert mrr_of(made) == {
        "a": joined(months("2024-01", "2024-01", "120.5"), months("2024-02", "2024-02", 100)),
        "b": {"2024-01": 30},
    }
    assert "Chargebee monthly MRR summary" in named(made)


def test_chargebee_mrr_changes(tmp_path: Path) -> None:
    """The running MRR is that of the subscription, not of the customer."""
    made = book(
        tmp_path,
        """
        id,customer_id,subscription_id,currency_code,status,status_previous,mrr,mrr_previous,mrr_change,record_recorded_at,record_start_at,record_end_at
        1,a,s1,USD,active,,100.00,0.00,100.00,2024-01-03 08:00:00,2024-01-03 08:00:00,2024-02-03 08:00:00
        2,a,s2,USD,active,,40.00,0.00,40.00,2024-01-09 08:00:00,2024-01-09 08:00:00,
        3,a,s1,USD,active,active,80.00,100.00,-20.00,2024-02-03 08:00:00,2024-02-03 08:00:00,
        4,a,s2,USD,cancelled,active,0.00,40.00,-40.00,2024-03-31 08:00:00,2024-03-31 08:00:00,
        """,
    )
    assert mrr_of(made) == {"a": {"2024-01": 140, "2024-02": 120, "2024-03": 80}}
    assert "Chargebee MRR changes" in named(made)


def test_recurly_churn_is_expiry(tmp_path: Path) -> None:
    """Cancelled in February, expired in April; the live row has an end that is only its term."""
    text = """
    uuid,account_code,email,plan_code,state,auto_renew,currency,quantity,unit_amount,add_on_amount,total_recurring_amount,activated_at,canceled_at,expired_at,current_period_started_at,current_period_ends_at
    u1,a,a@example.com,pro,expired,false,USD,2,30.00,5.00,65.00,2024-01-05 09:28:17,2024-02-20 09:00:00,2024-04-05 09:28:17,2024-03-05 09:28:17,2024-04-05 09:28:17
    u2,b,b@example.com,pro,active,true,USD,1,1200.00,0.00,1200.00,2024-01-05 09:28:17,,2024-03-05 09:28:17,2024-01-05 09:28:17,2025-01-05 09:28:17
    u3,c,c@example.com,pro,paused,true,USD,1,30.00,0.00,30.00,2024-04-30 09:28:17,,,2024-04-30 09:28:17,2024-05-30 09:28:17
    """
    made = book(tmp_path, text)
    assert mrr_of(made) == {
        "a": months("2024-01", "2024-03", 65),
        "b": months("2024-01", "2024-04", 100),
    }
    assert {"RC818", "RC824"} <= codes(made)
    kept = mrr_of(book(tmp_path, text, "billing: {paused: keep, churn_date: cancelled}"))
    assert kept["a"] == {"2024-01": 65}
    assert kept["c"] == {"2024-04": 30}


def test_baremetrics_template(tmp_path: Path) -> None:
    """Cents, quantities and counted intervals: 50 a quarter x 2, 600 a year, 13 weeks at 39."""
    made = book(
        tmp_path,
        """
        plan_oid,plan_name,plan_currency,plan_amount,plan_interval,plan_interval_count,customer_oid,customer_name,customer_email,subscription_oid,subscription_started_at,subscription_canceled_at,subscription_quantity
        p1,SEO,USD,7500,month,3,a,A,a@example.com,s1,2024-01-31,2024-03-04,2
        p2,SEM,USD,60000,year,1,b,B,b@example.com,s2,2024-01-31,,
        p3,Ads,USD,3900,week,13,c,C,c@example.com,s3,2024-03-31,,1
        """,
    )
    assert mrr_of(made) == {
        "a": months("2024-01", "2024-02", 50),
        "b": months("2024-01", "2024-03", 50),
        "c": {"2024-03": 13},
    }
    assert "Baremetrics import template" in named(made)


def test_recharge_subscriptions(tmp_path: Path) -> None:
    """24 x 2 every 73 days is 48 x 365 / 12 / 73 = 20 a month."""
    made = book(
        tmp_path,
        """
        id,customer_id,created_at,cancelled_at,price,quantity,status,order_interval_unit,order_interval_frequency,charge_interval_frequency
        1,90,2024-01-31 13:39:44,2024-03-05 13:40:48,24.00,2,CANCELLED,day,73,73
        2,91,2024-02-29 13:39:44,,10.00,1,ACTIVE,month,1,1
        """,
    )
    assert mrr_of(made) == {"90": months("2024-01", "2024-02", 20), "91": {"2024-02": 10}}


def test_salesforce_contracts_tell_of_accounts_only(tmp_path: Path) -> None:
    """Twelve months from 1 January end with 31 December, which still belongs to the contract."""
    made = book(
        tmp_path,
        """
        id,account_id,contract_number,contract_term,start_date,end_date,status
        1,a,001,12,2023-01-01,2023-12-31,Activated
        2,b,002,3,2023-10-15,,Activated
        3,c,003,12,2024-01-31,2025-01-30,Activated
        4,d,004,12,2024-01-01,2024-12-31,Draft
        """,
    )
    assert mrr_of(made) == {
        "a": months("2023-01", "2023-12", 1),
        "b": months("2023-10", "2023-12", 1),
        "c": {"2024-01": 1},
    }
    assert not made.revenue
    assert {"RC815", "RC829"} <= codes(made)


def test_salesforce_opportunities(tmp_path: Path) -> None:
    """Won deals count for twelve months from their close date, at a twelfth of the amount."""
    made = book(
        tmp_path,
        """
        Id,AccountId,Name,Amount,CloseDate,IsClosed,IsWon,StageName,IsDeleted,CurrencyIsoCode
        1,a,New,1200.00,2023-01-31,true,true,Closed Won,false,USD
        2,a,Renewal,2400.00,2024-01-31,true,true,Closed Won,false,USD
        3,b,Lost,900.00,2023-05-01,true,false,Closed Lost,false,USD
        4,c,New,600.00,2023-03-10,true,true,Closed Won,false,USD
        5,d,Gone,600.00,2023-03-10,true,true,Closed Won,true,USD
        """,
    )
    assert mrr_of(made) == {
        "a": joined(months("2023-01", "2023-12", 100), months("2024-01", "2024-01", 200)),
        "c": months("2023-03", "2024-01", 50),
    }
    assert {"RC815", "RC825"} <= codes(made)


def test_hubspot_deals(tmp_path: Path) -> None:
    """The ARR counts, not the amount; a term of its own where the deal states one."""
    made = book(
        tmp_path,
        """
        Record ID,Deal Name,Deal Stage,Close Date,Amount,Annual recurring revenue (ARR),Associated Company IDs,Contract term (months)
        1,New,Closed Won,2024-01-31 10:15,5000,1200,77,
        2,New,Closed Won,2024-01-31 10:15,800,600,78,1
        3,Open,Proposal,2024-02-10 10:15,5000,1200,79,
        4,New,Closed Won,2024-02-29 10:15,5000,120,80,
        """,
    )
    assert mrr_of(made) == {
        "77": months("2024-01", "2024-02", 100),
        "78": {"2024-01": 50},
        "80": {"2024-02": 10},
    }
    assert "HubSpot deals" in named(made)


PROFITWELL = """
metric,2024-01,2024-02,2024-03
New,100.00,50.00,20
Upgrades,0,10,5
Downgrades,0,-5,0
Voluntary Churn,0,-20,-30
Delinquent Churn,0,0,-10
Existing,0,100,135
MRR,100,135,120
ARR,1200,1620,1440
New Customers,5,3,1
Customer Churn Rate,0%,3.2%,4%
"""


def test_profitwell_metrics_are_sums(tmp_path: Path) -> None:
    """A roll-forward without accounts: movements print it, all other questions are refused."""
    path = write(tmp_path, PROFITWELL)
    done = run("movements", path, "-f", "json").json
    assert "ProfitWell metrics" in "".join(note["message"] for note in done["notes"])
    march = done["rows"][-1]
    assert march["nrr"] == (135 + 5 - 40) / 135
    assert (march["opening_mrr"], march["churn_mrr"], march["closing_mrr"]) == (
        "135.00",
        "40.00",
        "120.00",
    )
    assert not [name for name in march if name.endswith("_accounts") or "logo" in name]
    refused = run("nrr", path)
    assert (refused.exit_code, "error RC205" in refused.stderr) == (3, True)


def test_sums_that_do_not_close(tmp_path: Path) -> None:
    path = write(tmp_path, PROFITWELL.replace("Upgrades,0,10,5", "Upgrades,0,10,6"))
    done = run("movements", path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC237" in done.stderr
    assert "2024-03" in done.stderr


def test_chartmogul_metrics_are_sums_too(tmp_path: Path) -> None:
    text = """
    date,mrr,mrr-new-business,mrr-expansion,mrr-contraction,mrr-churn,mrr-reactivation,customers
    2024-01-31,10000,10000,0,0,0,0,4
    2024-02-29,12500,2000,1000,0,-1000,500,5
    """
    rows = run("movements", write(tmp_path, text), "-f", "json").json["rows"]
    assert [row["closing_mrr"] for row in rows] == ["100.00", "125.00"]
    assert (rows[1]["churn_mrr"], rows[1]["reactivation_mrr"]) == ("10.00", "5.00")


@needs_shared
@pytest.mark.parametrize(
    ("name", "export"),
    [
        ("recurly/subscription_history_data", "Recurly subscriptions"),
        ("recharge/subscription_data", "Recharge subscriptions"),
        ("stripe/invoice_data", "Stripe invoice lines"),
        ("stripe/invoice_line_item_data", "Stripe invoice lines"),
        ("stripe/subscription_data", "Stripe subscriptions without prices"),
    ],
)
def test_tables_of_connectors(name: str, export: str) -> None:
    done = run("movements", SHARED / f"data/fivetran_seeds/{name}.csv", "-f", "json")
    notes = [note["message"] for note in done.json["notes"]]
    assert f"recognised as an export: {export}" in notes


def test_every_preset_is_well_formed() -> None:
    roles = {"customer", "month", "start", "change"}
    for preset in presets():
        assert preset.totals or preset.customers or roles & set(preset.columns), preset.name
        assert preset.headers == tuple(h.lower() for h in preset.headers)
