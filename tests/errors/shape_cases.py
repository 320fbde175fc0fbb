"""Reproducers of the codes that shapes, currencies and further files can give."""

from __future__ import annotations

from errors.cases import PANEL, Case

MIXED = "account,month,mrr,currency\na,2024-01,1,USD\nb,2024-01,1,EUR\n"
RATES = "month,currency,rate\n2024-01,EUR,1.1\n"
LOG = "date,account,mrr_change,mrr_after\n2024-01-31,a,10,10\n2024-02-29,a,5,15\n"
RECURLY = "account_code,plan_code,state,total_recurring_amount,activated_at,expired_at\n"
DEALS = "deal_stage,close_date,annual_recurring_revenue,company\nClosed Won,2024-01-31,1200,a\n"
LINES = "account,amount,period_start,period_end\na,60,2024-01-01,2024-06-30\n"
SIZES = {"retcalc.yaml": "segments: {size: {from: seats, bands: [10]}}\n"}
SNAPSHOT = "account,tenure,churn\na,3,no\nb,1,yes\n"


def periods(header: str, row: str, *args: str, **expected: object) -> Case:
    """Make a case of subscriptions with one row on line 2 and a plain one after it."""
    columns = header.count(",") - 2
    text = f"account,start,amount,{header}\n{row}\nz,2024-03-31,1{',' * (columns + 3)}\n"
    return Case(text, ("nrr", "{}", *args), **{"line": 2, **expected})  # type: ignore[arg-type]


def with_rates(rates: str, *args: str, **expected: object) -> Case:
    """Make a case of two currencies and a file of rates."""
    given = ("nrr", "{}", "--fx", "rates.csv", "--currency", "USD", *args)
    return Case(MIXED, given, others={"rates.csv": rates}, **expected)  # type: ignore[arg-type]


def with_mergers(text: str, **expected: object) -> Case:
    """Make a case of a panel and a file of mergers."""
    given = ("nrr", "{}", "--mergers", "m.csv")
    return Case(PANEL, given, others={"m.csv": text}, **expected)  # type: ignore[arg-type]


SHAPE_ERRORS: dict[str, Case] = {
    "RC251": Case(LINES + "a,99,,\n", line=3, column=2, fix="--undated one-off"),
    "RC250": Case(
        "account,Status,2024-01,2024-02\na,active,10,10\nb,churned,5,5\n",
        line=3,
        column=2,
        fix="--ignore Status",
    ),
    "RC257": periods(
        "end,status",
        "a,2024-01-31,5,,active\nb,2024-01-31,5,2024-06-30,golden",
        line=3,
        column=5,
        fix="--word golden=ended",
    ),
    "RC258": periods("seats", "a,2024-01-31,5,3", column=4, fix="--quantity multiply"),
    "RC178": Case(MIXED, ("nrr", "{}", "--fx", "rates.csv"), others={"rates.csv": RATES}),
    "RC200": Case(SNAPSHOT, ("movements", "{}"), fix="--as-of 2026-10"),
    "RC204": Case(SNAPSHOT, fix="retention"),
    "RC205": Case("metric,2024-01,2024-02\nMRR,1,1\n", fix="export the accounts"),
    "RC206": Case("account,created_at,amount,due_date\na,2024-01-31,5,2024-02-29\n"),
    "RC207": Case("account,2024-01,Jan 24,2024-02\na,1,1,2\n"),
    "RC259": Case("account,Q1 2024,Q2 2024\na,1,2\n", fix="--periods mrr"),
    "RC208": periods(
        "end,gone", "a,2024-01-31,5,,2024-02-29", "--churn-date", "cancelled", line=None
    ),
    "RC209": periods("end,status", "a,2024-01-31,5,,cancelled", column=5, fix="--skip-bad-rows"),
    "RC216": Case(
        "customer_id,reporting_month,mrr_billing_currency\na,2024-01-31,2900\n",
        line=2,
        column=3,
        fix="--unit minor",
    ),
    "RC227": with_rates("month,currency,rate\n2023-12,EUR,1.1\n"),
    "RC228": with_rates(RATES + "2024-01,EUR,1.2\n", line=2, column=1),
    "RC229": with_rates(RATES.replace("1.1", "-1"), line=2, column=3),
    "RC230": Case(
        MIXED + "c,2024-01,1,\n",
        ("nrr", "{}", "--fx", "rates.csv", "--currency", "USD"),
        line=4,
        column=4,
        others={"rates.csv": RATES},
    ),
    "RC234": Case(
        "date,account,movement_type,mrr\n2024-01-31,a,new,5\n2024-01-31,a,churn,5\n"
        "2024-01-31,a,contraction,-1\n",
        line=3,
        column=4,
    ),
    "RC235": Case(LOG.replace("5,15", "5,16"), line=3, column=4),
    "RC236": Case("date,account,mrr_change\n2024-01-31,a,5\n2024-02-29,a,-9\n", line=3, column=3),
    "RC237": Case("metric,2024-01,2024-02\nMRR,1,2\n", ("movements", "{}")),
    "RC238": Case(PANEL + "Total,2024-01,31\n", ("nrr", "{}", "--drop-total-rows")),
    "RC239": Case(SNAPSHOT.replace("3,no", "many,no"), ("retention", "{}"), line=2, column=2),
    "RC240": Case(SNAPSHOT.replace("3,no", "3,perhaps"), ("retention", "{}"), line=2, column=3),
    "RC243": with_mergers("from,to\na,x\na,y\n", line=2, column=1),
    "RC244": with_mergers("from,to\na,b\nb,a\n"),
    "RC245": with_mergers("one,two,three\na,b,c\n"),
    "RC246": periods("contract_term", "a,2024-01-31,5,long", line=2, column=4),
    "RC247": Case(
        "account,month,mrr,seats\na,2024-01,1,many\n", ("nrr", "{}", "--by", "size"), others=SIZES
    ),
    "RC248": Case(
        PANEL,
        ("nrr", "{}", "--customers", "c.csv", "--by", "plan"),
        line=2,
        column=1,
        others={"c.csv": "account,plan,valid_from\na,Pro,2024-01-01\na,Team,2024-01-01\n"},
    ),
}

SHAPE_NOTES: dict[str, Case] = {
    "RC815": periods("status", "a,2024-01-31,5,trialing"),
    "RC878": Case(
        "account,start,end,mrr\na,2023-04-01,2024-04-01,5\na,2024-03-15,2025-03-15,5\n"
        "b,2024-04-30,,5\n",
        ("renewals", "{}", "--window", "3m"),
    ),
    "RC816": periods("end,status", "a,2024-01-31,995,,active\na,2024-02-28,5,,golden"),
    "RC817": Case("account,start,amount\na,2024-01-31,5\n"),
    "RC818": Case(
        RECURLY + "a,p,active,5.00,2024-01-31,2024-02-15\nb,p,active,5.00,2024-03-31,\n",
    ),
    "RC819": Case("account,2024-01,2024-02\na,1,\nb,1,1\n"),
    "RC820": Case(LINES + "a,-6,2024-01-01,2024-06-30\n"),
    "RC821": Case(LINES + "a,99,,\n", ("nrr", "{}", "--undated", "one-off")),
    "RC822": Case(
        "date,account,movement_type,mrr\n2024-01-31,a,new,5\n2024-01-31,a,contraction,1\n"
    ),
    "RC823": Case(LOG.replace("a,10,10", "a,10,90").replace("5,15", "5,95")),
    "RC824": periods("status", "a,2024-01-31,5,paused"),
    "RC825": Case(DEALS),
    "RC826": Case(SNAPSHOT, ("retention", "{}")),
    "RC827": with_mergers("from,to,date\na,b,2024-03-01\n"),
    "RC828": with_rates("month,currency,rate\n2024-01,EUR,1.123456789\n"),
    "RC829": Case(SNAPSHOT, ("retention", "{}", "--as-of", "2024-01")),
    "RC831": periods("trial_end", "a,2024-01-31,5,2024-02-15"),
    "RC898": Case("account,Start (UTC),mrr\na,2024-01-31 10:00,5\n"),
    "RC899": Case(DEALS),
}
