"""whatif through the command line, on panels worked by hand."""

import pytest

from acceptance.inline import many, panel
from helpers import run

# 20 accounts at 100, one leaves in the second month: churn 5%
LEAVER = many("stays", 19, [100, 100]) | {"leaves": [100, 0]}


def answer(*args):
    return run("whatif", *args, "-f", "json")


def test_one_point_less_churn(tmp_path):
    row = answer(panel(tmp_path, LEAVER), "--churn", "-1pt", "--margin", "0.8").total
    assert (row["churn"], row["churn_after"]) == (0.05, 0.04)
    assert (row["lifespan_months"], row["lifespan_months_after"]) == (20, 25)
    assert (row["clv"], row["clv_after"]) == ("1600.00", "2000.00")
    arr = 12 * 1900
    assert float(row["arr"]) == pytest.approx(arr * 0.95**12)
    assert float(row["arr_after"]) == pytest.approx(arr * 0.96**12)
    profit = sum(1900 * 0.8 * 0.95**t for t in range(60))
    assert float(row["profit"]) == pytest.approx(profit)


def test_expansion_grows_revenue_and_leaves_the_life(tmp_path):
    rows = many("same", 8, [100, 100]) | {"up": [100, 120], "down": [100, 90]}
    args = [panel(tmp_path, rows), "--expansion", "+0.5pt", "--margin", "1", "--horizon", "12"]
    row = answer(*args).total
    assert (row["expansion"], row["expansion_after"]) == (0.01, 0.015)
    assert row["lifespan_months"] == row["lifespan_months_after"] == 12
    assert float(row["arr_after"]) == pytest.approx(12 * 1010 * 1.015**12)
    assert float(row["profit_after"]) == pytest.approx(sum(1010 * 1.015**t for t in range(12)))


def test_w24_renewal_shows_its_arithmetic(tmp_path):
    """Arithmetic: 80% to 85% is 5.00 to 6.67 years, +33%, not a doubling."""
    path = panel(tmp_path, LEAVER)
    result = answer(path, "--renewal", "80%:85%", "--margin", "0.5").json
    row = result["rows"][-1]
    assert (row["renewal"], row["renewal_after"]) == (0.8, 0.85)
    assert (row["lifespan_months"], row["lifespan_months_after"]) == (60, 80)
    assert (row["clv"], row["clv_after"]) == ("3000.00", "4000.00")
    assert row["arr_after"] == "19380.00"
    life = result["arithmetic"][0]
    assert life["formula"] == "1 / (1 - 80%) -> 1 / (1 - 85%)"
    assert (life["before"], life["after"]) == (5, pytest.approx(20 / 3))
    assert life["change"] == pytest.approx(1 / 3)
    shown = run("whatif", path, "--renewal", "80%:85%", "--margin", "0.5").stdout
    assert "5.00" in shown
    assert "6.67   33.3%" in shown


def test_discount_lowers_clv_and_profit(tmp_path):
    path = panel(tmp_path, LEAVER)
    args = [path, "--churn", "-1pt", "--margin", "1", "--discount", "10%"]
    row, v = answer(*args).total, 1.1 ** (-1 / 12)
    assert row["lifespan_months"] == 20
    assert float(row["clv"]) == pytest.approx(100 / (1 - 0.95 * v))
    profit = sum(1900 * 0.95**t * v**t for t in range(60))
    assert float(row["profit"]) == pytest.approx(profit)


def test_without_a_margin_life_and_arr_are_there(tmp_path):
    row = answer(panel(tmp_path, LEAVER), "--churn", "-1pt").total
    assert row["lifespan_months_after"] == 25
    assert (row["clv"], row["profit_after"]) == (None, None)
    assert row["reasons"]["clv_after"] == "no_gross_margin"


@pytest.mark.parametrize(
    ("rows", "args", "reason"),
    [
        (LEAVER, ["--churn", "-6pt"], "churn_below_zero"),
        (LEAVER, ["--churn", "+96pt"], "churn_above_one"),
        (LEAVER, ["--churn", "-5pt"], "zero_churn"),
        ({"only": [100, 100]}, ["--expansion", "+1pt"], "zero_churn"),
        ({"only": [100]}, ["--churn", "-1pt"], "no_monthly_churn"),
    ],
)
def test_what_cannot_be_is_null_with_its_reason(tmp_path, rows, args, reason):
    row = answer(panel(tmp_path, rows), *args, "--margin", "1").total
    assert row["lifespan_months_after"] is None
    assert row["reasons"]["lifespan_months_after"] == reason
    assert row["reasons"]["clv_after"] == reason


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ([], "RC167"),
        (["--churn", "1pt"], "RC167"),
        (["--churn", "-1"], "RC167"),
        (["--expansion", "much"], "RC167"),
        (["--renewal", "85%"], "RC167"),
        (["--renewal", "80%:120%"], "RC168"),
        (["--renewal", "80%:85%", "--churn", "-1pt"], "RC167"),
    ],
)
def test_wrong_changes_are_refused(tmp_path, args, code):
    refused = answer(panel(tmp_path, LEAVER), *args)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"error {code}" in refused.stderr
    assert "fix" in refused.stderr


def test_segments(tmp_path):
    lines = ["account_id,month,mrr,plan"]
    for name, plan, months in (("a", "A", (1, 2)), ("b", "A", (1,)), ("c", "B", (1, 2))):
        lines += [f"{name},2024-{m:02},10,{plan}" for m in months]
    path = tmp_path / "mrr.csv"
    path.write_text("\n".join(lines) + "\n")
    rows = answer(path, "--churn", "-10pt", "--margin", "1", "--by", "plan").json["rows"]
    assert [row["segment"] for row in rows] == [{"plan": "A"}, {"plan": "B"}, {}]
    assert [row["lifespan_months"] for row in rows] == [2, None, 3]
