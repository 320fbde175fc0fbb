"""Worked examples with published answers, through the command line.

Inputs and answers are those that the named source prints, at its printed precision.
"""

import csv
from calendar import monthrange
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from acceptance.inline import many, panel, subscriptions, write
from helpers import SHARED, needs_shared, run


def total(*args: object) -> Any:
    return run(*args, "-f", "json").total


def test_w1_logo_churn(tmp_path: Path) -> None:
    """B2B retention guide (Aritic/Albacross): 50 at the start, 7 leave: 14%."""
    path = panel(tmp_path, many("stays", 43, [100, 100]) | many("leaves", 7, [100, 0]))
    row = total("churn", path)
    assert (row["opening_accounts"], row["churned_accounts"]) == (50, 7)
    assert row["logo_churn"] == 0.14
    assert total("retention", path)["logo_retention"] == 0.86
    assert "14.0%" in run("churn", path, "-f", "md").stdout


@pytest.fixture
def w2(tmp_path: Path) -> Path:
    rows = {"left": [10, 0], "less": [30, 20], "more": [60, 70]}
    return panel(tmp_path, rows)


def test_w2_gross_revenue_churn(w2: Path) -> None:
    """ChartMogul help: start 100; churn 10, contraction 10, expansion 10: 20%."""
    row = total("churn", w2)
    assert (row["opening_mrr"], row["churn_mrr"]) == ("100.00", "10.00")
    assert (row["contraction_mrr"], row["expansion_mrr"]) == ("10.00", "10.00")
    assert row["gross_revenue_churn"] == 0.2


def test_w3_net_revenue_churn(w2: Path) -> None:
    """ChartMogul help: as W2, net: 10%."""
    assert total("churn", w2)["net_revenue_churn"] == 0.1


def test_w4_logo_churn_counts_accounts_not_events(tmp_path: Path) -> None:
    """ChartMogul help: start 100; 12 churn events, one came back, one had joined in the month."""
    lines = [f"stays{i},2024-01-15,,10,month" for i in range(89)]
    lines += [f"leaves{i},2024-01-15,2024-03-10,10,month" for i in range(10)]
    lines += ["back,2024-01-15,2024-03-05,10,month", "back,2024-03-20,,10,month"]
    lines += ["brief,2024-03-03,2024-03-25,10,month"]
    lines += [f"joins{i},2024-03-31,,10,month" for i in range(29)]
    row = total("churn", subscriptions(tmp_path, lines), "--window", "1m")
    assert (row["opening_accounts"], row["churned_accounts"]) == (100, 10)
    assert (row["new_accounts"], row["closing_accounts"]) == (29, 119)
    assert row["logo_churn"] == 0.1


def test_w6_annualised_churn(tmp_path: Path) -> None:
    """ChartMogul help: 5% a month is 46% a year, 1 - 0.95^12 = 45.96%."""
    path = panel(tmp_path, many("stays", 19, [100, 100]) | {"leaves": [100, 0]})
    row = total("summary", path, "--window", "1m")
    assert row["logo_churn"] == 0.05
    assert row["annualised_logo_churn"] == pytest.approx(0.4596, abs=5e-5)


def test_w7_lasting_discount(tmp_path: Path) -> None:
    """ProfitWell docs: 120 a year, 10% off for good: MRR 9."""
    lines = ["a,2024-01-10,,108.00,year", "b,2024-02-29,,12.00,year"]
    row = run("movements", subscriptions(tmp_path, lines), "-f", "json").json["rows"][0]
    assert row["closing_mrr"] == "9.00"


@pytest.mark.parametrize(
    ("gains", "losses", "ratio"), [(24_000, 4_000, 6), (30_000, 10_000, 3), (40_000, 20_000, 2)]
)
def test_w8_quick_ratio(tmp_path: Path, gains: int, losses: int, ratio: int) -> None:
    """ProfitWell docs: 24k/4k, 30k/10k and 40k/20k give 6, 3 and 2."""
    rows = {
        "joins": [0, gains // 2],
        "grows": [1_000, 1_000 + gains // 2],
        "leaves": [losses // 2, 0],
        "shrinks": [losses, losses // 2],
    }
    assert total("summary", panel(tmp_path, rows))["quick_ratio"] == ratio


def test_w9_monthly_and_annual_plans(tmp_path: Path) -> None:
    """Stripe glossary: 100 customers at 100 a month and 50 at 600 a year: MRR 12,500."""
    lines = [f"m{i},2024-01-05,,100,month" for i in range(100)]
    lines += [f"y{i},2024-02-29,,600,year" for i in range(50)]
    row = total("nrr", subscriptions(tmp_path, lines))
    assert row["closing_mrr"] == "12500.00"
    assert row["closing_accounts"] == 150


def test_w10_normalisation_and_lasting_coupon(tmp_path: Path) -> None:
    """Stripe support: 1,200 a year is 100 a month; with a 50% for-ever coupon 50."""
    lines = ["a,2024-01-01,2024-02-29,1200,year", "a,2024-02-29,,600,year"]
    rows = run("movements", subscriptions(tmp_path, lines), "-f", "json").json["rows"]
    assert [row["closing_mrr"] for row in rows] == ["100.00", "50.00"]


def test_w11_downgrade(tmp_path: Path) -> None:
    """Chargebee: from the 100 to the 70 plan: no logo churn, contraction 30."""
    row = total("churn", panel(tmp_path, {"a": [100, 70]}))
    assert row["logo_churn"] == 0
    assert (row["contraction_mrr"], row["churn_mrr"]) == ("30.00", "0.00")


def test_w12_grr_and_nrr(tmp_path: Path) -> None:
    """Pulse RevOps: start 10.0M; contraction 0.6, churn 0.9, expansion 1.8: GRR 85%, NRR 103%."""
    rows = {
        "shrinks": [5_000_000, 4_400_000],
        "leaves": [900_000, 0],
        "grows": [4_100_000, 5_900_000],
    }
    path = panel(tmp_path, rows)
    row = total("grr", path)
    assert row["opening_mrr"] == "10000000.00"
    assert (row["grr"], row["nrr"]) == (0.85, 1.03)
    assert "85.0%" in run("grr", path, "-f", "md").stdout
    assert "103.0%" in run("nrr", path, "-f", "md").stdout


def test_w13_nrr(tmp_path: Path) -> None:
    """Metric templates: start 100k; expansion 15k, churn 8k: 107%."""
    rows = {"grows": [92_000, 107_000], "leaves": [8_000, 0]}
    assert total("nrr", panel(tmp_path, rows))["nrr"] == 1.07


def test_w14_annual_to_monthly(tmp_path: Path) -> None:
    """Mainmetrics: 600 a year is 50 a month."""
    lines = ["a,2024-01-01,,600,year", "b,2024-02-29,,1,month"]
    row = run("movements", subscriptions(tmp_path, lines), "-f", "json").json["rows"][0]
    assert row["closing_mrr"] == "50.00"


def test_w17_quarterly_churn_as_a_monthly_rate(tmp_path: Path) -> None:
    """Lean Case: 3% churn a quarter is 1.01% a month: both make the same year."""
    rows = many("stays", 97, [100] * 4) | many("leaves", 3, [100, 100, 0, 0])
    row = total("summary", panel(tmp_path, rows), "--window", "3m")
    assert row["logo_churn"] == 0.03
    monthly = 1 - (1 - row["annualised_logo_churn"]) ** (1 / 12)
    assert monthly == pytest.approx(0.0101, abs=5e-5)


def test_w19_display_rounds_half_up(tmp_path: Path) -> None:
    """Quick-ratio calculator: (40 + 5) / (32 + 8) = 1.125 shows as 1.13."""
    rows = {"joins": [0, 40], "grows": [10, 15], "leaves": [32, 0], "shrinks": [20, 12]}
    path = panel(tmp_path, rows)
    assert total("summary", path)["quick_ratio"] == 1.125
    shown = run("summary", path, "-f", "md").stdout
    assert "1.13" in shown
    assert "1.12" not in shown


W20_ACTIVE = [10, 11, 11, 11, 10, 10]


def check_w20(path: Path) -> None:
    rows = run("movements", path, "-f", "json").json["rows"][1:]
    assert [row["closing_accounts"] for row in rows] == W20_ACTIVE
    assert [row["new_accounts"] for row in rows] == [0, 1, 0, 0, 0, 0]
    assert [row["churned_accounts"] for row in rows] == [0, 0, 0, 0, 1, 0]


def test_w20_churn_falls_in_the_first_month_without_revenue(tmp_path: Path) -> None:
    """PostHog change notes: active 10 11 11 11 10 10; a month of 10 lies before it here."""
    rows = many("a", 9, [5] * 7)
    rows |= {"leaves": [5, 5, 5, 5, 5, 0, 0], "joins": [0, 0, 5, 5, 5, 5, 5]}
    check_w20(panel(tmp_path, rows))


def test_w20_from_subscriptions(tmp_path: Path) -> None:
    """The same from dates: an end within a month is churn of that month."""
    lines = [f"a{i},2024-01-02,,5,month" for i in range(9)]
    lines += ["leaves,2024-01-31,2024-06-14,5,month", "joins,2024-03-31,,5,month"]
    lines += ["later,2024-08-01,,5,month"]
    check_w20(subscriptions(tmp_path, lines))


def test_w23_two_definitions_of_nrr(tmp_path: Path) -> None:
    """Worked from Kellogg's note: A 100 to 80; B joins in month 2 at 100 and grows to 160.

    The cohort form gives 80%, the bridge form with the movements of every month 140%.
    """
    rows = {"a": [100] * 6 + [80] * 7, "b": [0, 0] + [100] * 5 + [160] * 6}
    path = panel(tmp_path, rows)
    assert total("nrr", path)["nrr"] == 0.8
    assert total("nrr", path, "--basis", "monthly")["nrr"] == 1.4


def answer(*args: object) -> Any:
    return run(*args, "-f", "json").json


def config(folder: Path, margin: str, lifespan: str = "inverse-churn") -> Path:
    text = f"clv: {{gross_margin: {margin}, lifespan: {lifespan}}}"
    return write(folder / "retcalc.yaml", [text])


def number(value: object) -> Decimal:
    return Decimal(str(value))


def test_w5_ltv(tmp_path: Path) -> None:
    """ChartMogul help: ARPA 100, mean churn 5% a month: 2,000."""
    path = panel(tmp_path, many("stays", 19, [100, 100]) | {"leaves": [100, 0]})
    row = run("clv", path, "-c", config(tmp_path, "1"), "--window", "1m", "-f", "json").total
    assert row["lifespan_method"] == "inverse-churn"
    assert number(row["arpa"]) == 100
    assert number(row["lifespan_months"]) == 20
    assert number(row["clv"]) == 2000


def test_w15_cac_and_ltv(tmp_path: Path) -> None:
    """Metric templates: 50k for 25 new; ARPU 500, margin 80%, churn 5%: CAC 2,000, LTV 8,000."""
    rows = many("stays", 95, [500, 500]) | many("leaves", 5, [500, 0])
    path = panel(tmp_path, rows | many("joins", 25, [0, 500]))
    costs = write(tmp_path / "costs.csv", ["month,spend", "2024-02,50000"])
    settings = ["-c", config(tmp_path, "0.80"), "--costs", costs, "--window", "1m"]
    row = run("clv-cac", path, *settings, "-f", "json").total
    assert row["new_accounts"] == 25
    assert number(row["cac"]) == 2000
    assert number(row["clv"]) == 8000
    assert row["clv_cac"] == 4
    assert row["payback_months"] == 5
    assert row["flag"] == "ok"


def test_w16_ltv_to_cac(tmp_path: Path) -> None:
    """MonetizationHQ: ARPU 500, margin 75%, churn 2.5%, CAC 6,000: LTV 15,000, ratio 2.5."""
    rows = many("stays", 39, [500, 500]) | {"leaves": [500, 0], "joins": [0, 500]}
    path = panel(tmp_path, rows)
    costs = write(tmp_path / "costs.csv", ["month,spend", "2024-02,6000"])
    settings = ["-c", config(tmp_path, "0.75"), "--costs", costs, "--window", "1m"]
    row = run("clv-cac", path, *settings, "-f", "json").total
    assert number(row["clv"]) == 15_000
    assert row["clv_cac"] == 2.5
    assert row["flag"] == "below_target"


def test_w18_magic_number(tmp_path: Path) -> None:
    """Two calculators: ARR 4.5M to 5.0M, prior-quarter spend 400k: 1.25, annualised once."""
    amounts = [300_000, 350_000, 375_000, 390_000, 400_000, "416666.67"]
    path = panel(tmp_path, {"a": amounts, "b": [10, 0, 0, 0, 0, 0]})
    spend = [100_000, 150_000, 150_000, 900_000, 900_000, 900_000]
    lines = ["month,spend", *(f"2024-{m:02},{value}" for m, value in enumerate(spend, start=1))]
    costs = write(tmp_path / "costs.csv", lines)
    settings = ["-c", config(tmp_path, "0.80"), "--costs", costs, "--window", "3m"]
    row = run("clv-cac", path, *settings, "-f", "json").total
    assert float(row["magic_number"]) == pytest.approx(1.25, abs=0.005)


SBG_REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]


def test_w21_shifted_beta_geometric(tmp_path: Path) -> None:
    """Fader & Hardie 2007, Regular: alpha 0.704, beta 1.182, log-likelihood -1680.27.

    The projected survival of period 12 is 17.0%.
    """
    rows = {
        f"a{i}": [10 if i < survivors else 0 for survivors in SBG_REGULAR]
        for i in range(SBG_REGULAR[0])
    }
    result = answer("survival", panel(tmp_path, rows))
    curve = {row["age"]: row["survival"] for row in result["rows"]}
    assert [curve[age] for age in range(1, 8)] == [
        pytest.approx(left / 1000, abs=1e-12) for left in SBG_REGULAR[1:]
    ]
    fit = result["fit"]
    assert fit["model"] == "sbg"
    assert fit["alpha"] == pytest.approx(0.704, abs=0.0005)
    assert fit["beta"] == pytest.approx(1.182, abs=0.0005)
    assert fit["log_likelihood"] == pytest.approx(-1680.27, abs=0.005)
    projected = 1.0
    for period in range(1, 13):
        stays = (fit["beta"] + period - 1) / (fit["alpha"] + fit["beta"] + period - 1)
        projected *= stays
    assert projected == pytest.approx(0.170, abs=0.0005)


TELCO = SHARED / "data/ibm_telco/Telco-Customer-Churn.csv"


@needs_shared
def test_w22_kaplan_meier_of_a_snapshot(tmp_path: Path) -> None:
    """IBM telco sample, data set and lifelines: churn 26.5%; median life of month-to-month 35.

    The snapshot is turned into subscriptions: the account of tenure n started n months before the
    last day of the snapshot's month and, when it left, left on that day. The median of the other
    contracts is not reached.
    """
    lines = ["customer_id,start_date,end_date,amount,interval,contract"]
    with TELCO.open(encoding="utf-8-sig", newline="") as file:
        accounts = list(csv.DictReader(file))
    for line in accounts:
        start = 12 * 2024 + 11 - int(line["tenure"])
        end = "2024-12-31" if line["Churn"] == "Yes" else ""
        day = f"{start // 12:04}-{start % 12 + 1:02}-{monthrange(start // 12, start % 12 + 1)[1]}"
        lines.append(f"{line['customerID']},{day},{end},10,month,{line['Contract']}")
    path = write(tmp_path / "telco.csv", lines)
    options = ("--as-of", "2024-12", "--by", "contract", "--period-end", "exclusive")
    rows = answer("survival", path, *options)["rows"]
    curves: dict[str, list[Any]] = {}
    for row in rows:
        curves.setdefault(row["segment"].get("contract", ""), []).append(row)
    events = sum(row["events"] for row in curves[""])
    assert len(accounts) == 7043
    assert round(events / len(accounts), 3) == 0.265
    medians = {
        name: min((row["age"] for row in curve if row["survival"] <= 0.5), default=None)
        for name, curve in curves.items()
    }
    assert medians["Month-to-month"] == 35
    assert medians["One year"] is medians["Two year"] is None


def test_w23_compare_shows_both_forms(tmp_path: Path) -> None:
    """Worked from Kellogg's note: cohort NRR 80%, bridge ("lazy") NRR 140%."""
    rows = {"a": [100] * 6 + [80] * 7, "b": [0, 0] + [100] * 5 + [160] * 6}
    values = [row["value"] for row in answer("compare", "nrr", panel(tmp_path, rows))["rows"]]
    assert {0.8, 1.4} <= set(values)


def test_w4_compare_separates_logo_churn(tmp_path: Path) -> None:
    """definitions.md, section 6: 100 at start, 30 join, 12 events: 10%, 11%, 12% and 12 / 130."""
    lines = [f"stays{i},2024-01-15,,10,month" for i in range(89)]
    lines += [f"leaves{i},2024-01-15,2024-03-10,10,month" for i in range(10)]
    lines += ["back,2024-01-15,2024-03-05,10,month", "back,2024-03-20,,10,month"]
    lines += ["brief,2024-03-03,2024-03-25,10,month"]
    lines += [f"joins{i},2024-03-31,,10,month" for i in range(29)]
    path = subscriptions(tmp_path, lines)
    rows = answer("compare", "logo_churn", path, "--window", "1m")["rows"]
    assert {0.10, 0.11, 0.12, 12 / 130} <= {row["value"] for row in rows}


def test_w24_renewal_and_life(tmp_path: Path) -> None:
    """Arithmetic: renewal 80% to 85% a year is 5.00 to 6.67 years of life, +33%, not a doubling."""
    path = panel(tmp_path, many("stays", 8, [100] * 13) | many("leaves", 2, [100] * 12 + [0]))
    row = run("whatif", path, "--renewal", "0.80:0.85", "-f", "json").total
    before, after = float(row["lifespan_months"]), float(row["lifespan_months_after"])
    assert before / 12 == pytest.approx(5.00, abs=0.005)
    assert after / 12 == pytest.approx(6.67, abs=0.005)
    assert after / before == pytest.approx(1.33, abs=0.005)
