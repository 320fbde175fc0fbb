"""Worked examples with published answers, through the command line.

Inputs and answers are those that the named source prints, at its printed precision.
"""

from pathlib import Path
from typing import Any

import pytest

from acceptance.inline import many, panel, subscriptions
from helpers import run


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
