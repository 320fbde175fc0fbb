"""Worked examples with published answers: lifetime, cost, survival and definitions compared."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from acceptance.inline import many, panel, subscriptions, write
from helpers import SHARED, needs_shared, run


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
    snapshot's month and, when it left, left in that month. The median of the other contracts is
    not reached.
    """
    lines = ["customer_id,start_date,end_date,amount,interval,contract"]
    with TELCO.open(encoding="utf-8-sig", newline="") as file:
        accounts = list(csv.DictReader(file))
    for line in accounts:
        start = 12 * 2024 + 11 - int(line["tenure"])
        end = "2024-12-15" if line["Churn"] == "Yes" else ""
        day = f"{start // 12:04}-{start % 12 + 1:02}-01"
        lines.append(f"{line['customerID']},{day},{end},10,month,{line['Contract']}")
    path = write(tmp_path / "telco.csv", lines)
    rows = answer("survival", path, "--as-of", "2024-12", "--by", "contract")["rows"]
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
