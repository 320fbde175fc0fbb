"""clv-cac through the command line: spend files, segments, lag, and what is refused."""

import pytest

from acceptance.inline import many, panel, write
from helpers import run

# 2024-01 to 2024-03: ten stay, one of them leaves in the last month; two join, one a month
ROWS = many("stays", 9, [100] * 3) | {"leaves": [100, 100, 0], "x": [0, 50, 50], "y": [0, 0, 30]}
SPEND = [
    "month,spend",
    "2023-11,1000",
    "2023-12,800",
    "2024-01,200",
    "2024-02,300.50",
    "2024-03,99",
]
MARGIN = ("--margin", "0.5", "--lifespan", "inverse-churn")


def costs(folder, lines=SPEND):
    return write(folder / "costs.csv", lines)


def answer(path, file, *args):
    return run("clv-cac", path, "--costs", file, *MARGIN, *args, "-f", "json")


def test_worked_by_hand(tmp_path):
    row = answer(panel(tmp_path, ROWS), costs(tmp_path)).total
    assert (row["spend"], row["new_accounts"], row["cac"]) == ("399.50", 2, "199.75")
    # churn 0 of 10, then 1 of 11: 22 months; ARPA 980 / 11
    assert row["lifespan_months"] == pytest.approx(22)
    assert row["clv"] == "980.00"
    assert row["clv_cac"] == pytest.approx(980 / 199.75)
    assert row["flag"] == "ok"
    assert (row["new_arpa"], row["payback_months"]) == ("40.00", pytest.approx(199.75 / 20))
    # ARR 12,000 to 11,760 after 2 months; the 2 months before spent 1,000 and 200
    assert row["magic_number"] == pytest.approx(-240 / 1000)


def test_lag_moves_the_spend(tmp_path):
    row = answer(panel(tmp_path, ROWS), costs(tmp_path), "--lag", "1").total
    assert row["spend"] == "500.50"


def test_target_of_the_config(tmp_path):
    write(tmp_path / "retcalc.yaml", ["targets: {clv_cac: 5}"])
    row = answer(panel(tmp_path, ROWS), costs(tmp_path)).total
    assert row["flag"] == "below_target"


def test_missing_spend_is_an_error_that_names_the_months(tmp_path):
    done = answer(panel(tmp_path, ROWS), costs(tmp_path, ["month,spend", "2024-02,5"]))
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC261: no spend for 2024-03, which won new accounts" in done.stderr
    assert "write 0 where nothing was spent" in done.stderr


def test_missing_spend_of_a_quiet_month_counts_as_zero_and_is_noted(tmp_path):
    rows = many("a", 9, [10, 10, 10]) | {"b": [10, 10, 0], "c": [0, 10, 10]}
    done = answer(panel(tmp_path, rows), costs(tmp_path, ["month,spend", "2024-02,5"]))
    assert done.total["cac"] == "5.00"
    assert "RC859" in {note["code"] for note in done.json["notes"]}


def test_spend_without_new_accounts(tmp_path):
    rows = many("a", 9, [10, 10]) | {"b": [10, 0]}
    row = answer(panel(tmp_path, rows), costs(tmp_path)).total
    assert (row["spend"], row["new_accounts"], row["cac"]) == ("300.50", 0, None)
    assert row["reasons"]["cac"] == row["reasons"]["clv_cac"] == "no_new_accounts"
    assert row["reasons"]["payback_months"] == row["reasons"]["flag"] == "no_new_accounts"


def test_nothing_spent(tmp_path):
    lines = ["month,spend", "2024-02,0", "2024-03,0"]
    row = answer(panel(tmp_path, ROWS), costs(tmp_path, lines)).total
    assert (row["cac"], row["payback_months"]) == ("0.00", 0)
    assert row["reasons"]["clv_cac"] == "zero_cac"
    assert row["reasons"]["magic_number"] == "no_prior_spend"


def test_the_first_month_of_the_data_wins_nobody(tmp_path):
    row = answer(panel(tmp_path, {"a": [10], "b": [10]}), costs(tmp_path)).total
    assert (row["new_accounts"], row["cac"]) == (None, None)
    assert row["reasons"]["new_accounts"] == row["reasons"]["cac"] == "start_of_data"


SEGMENTED = ["account_id,month,mrr,plan"]
for _name, _plan, _months in (
    ("a", "Basic", (1, 2, 3)),
    ("b", "Basic", (2, 3)),
    ("c", "Pro", (1, 2)),
    ("d", "Pro", (3,)),
    ("e", "Free, not", (1, 2, 3)),
):
    SEGMENTED += [f'{_name},2024-{m:02},10,"{_plan}"' for m in _months]


@pytest.mark.parametrize("column", ["plan", "segment", "channel"])
def test_spend_by_segment(tmp_path, column):
    path = write(tmp_path / "mrr.csv", SEGMENTED)
    lines = [f"month,spend,{column}", "2024-02,10,Basic", "2024-02,20,Pro", "2024-03,40,Pro"]
    lines += ["2024-03,7,Brand"]
    done = answer(path, costs(tmp_path, lines), "--by", "plan")
    basic, free, pro, total = done.json["rows"]
    assert (basic["spend"], basic["new_accounts"], basic["cac"]) == ("10.00", 1, "10.00")
    assert (pro["spend"], pro["new_accounts"], pro["cac"]) == ("60.00", 1, "60.00")
    assert (free["spend"], free["reasons"]["cac"]) == (None, "no_segment_spend")
    assert (total["spend"], total["new_accounts"], total["cac"]) == ("77.00", 2, "38.50")
    strays = [note["message"] for note in done.json["notes"] if note["code"] == "RC858"]
    assert strays == ["spend of Brand belongs to no segment of the data; it is in the total only"]


def test_a_segment_that_misses_a_month_is_an_error(tmp_path):
    path = write(tmp_path / "mrr.csv", SEGMENTED)
    lines = ["month,spend,plan", "2024-02,10,Basic", "2024-02,20,Pro", "2024-03,1,Basic"]
    done = answer(path, costs(tmp_path, lines), "--by", "plan")
    assert done.exit_code == 3
    assert "no spend of Pro for 2024-03" in done.stderr


def test_spend_without_the_column_is_in_the_total_only(tmp_path):
    path = write(tmp_path / "mrr.csv", SEGMENTED)
    rows = answer(path, costs(tmp_path), "--by", "plan").json["rows"]
    assert {row["cac"] for row in rows[:-1]} == {None}
    assert rows[-1]["cac"] == "199.75"


def test_rows_of_one_month_are_summed(tmp_path):
    lines = ["month,spend,what", "2024-02,10,ads", "2024-02,15,events", "2024-03,1,ads"]
    done = answer(panel(tmp_path, ROWS), costs(tmp_path, lines))
    assert done.total["spend"] == "26.00"
    assert "RC857" not in {note["code"] for note in done.json["notes"]}
    lines += ["2024-03,1,ads"]
    done = answer(panel(tmp_path, ROWS), costs(tmp_path, lines))
    assert done.total["spend"] == "27.00"
    assert "RC857" in {note["code"] for note in done.json["notes"]}


def test_spend_finer_than_a_cent_stays_exact(tmp_path):
    lines = ["month,spend", "2024-02,0.005", "2024-03,0.1"]
    assert answer(panel(tmp_path, ROWS), costs(tmp_path, lines)).total["spend"] == "0.105"


@pytest.mark.parametrize(
    ("lines", "code", "place"),
    [
        (["month,spend", "2024-02,"], "RC213", "line 2, column 2"),
        (["month,spend", "2024-01,1", "2024-02,abc"], "RC214", "line 3, column 2"),
        (["month,spend", "2024-01,1", '2024-02,"1,234.50"'], "RC214", 'column 2 "spend"'),
        (["month,spend", "2024-02,-5"], "RC262", "line 2, column 2"),
        (["month,spend", "2024-13,5"], "RC221", "line 2, column 1"),
        (["month,spend", ",5"], "RC226", "line 2, column 1"),
        (["wann,ausgaben", "2024-02,5"], "RC260", "recognised as the month"),
        (["month,spend,costs", "2024-02,5,5"], "RC260", "could be the spend"),
    ],
)
def test_bad_costs_name_the_place(tmp_path, lines, code, place):
    done = answer(panel(tmp_path, ROWS), costs(tmp_path, lines))
    assert (done.exit_code, done.stdout) == (3, "")
    assert f"error {code}" in done.stderr
    assert place in done.stderr
    assert "costs.csv" in done.stderr


def test_every_bad_cell_is_told_at_once(tmp_path):
    done = answer(panel(tmp_path, ROWS), costs(tmp_path, ["month,spend", "x,1", "2024-02,y"]))
    assert "RC221" in done.stderr
    assert "RC214" in done.stderr


def test_no_costs_file(tmp_path):
    done = run("clv-cac", panel(tmp_path, ROWS), *MARGIN)
    assert done.exit_code == 2
    assert "RC169" in done.stderr
    assert run("clv-cac", panel(tmp_path, ROWS), "--costs", "x.csv", *MARGIN).exit_code == 4


def test_the_costs_file_is_a_source(tmp_path):
    done = answer(panel(tmp_path, ROWS), costs(tmp_path))
    assert [source["rows"] for source in done.json["sources"]][-1] == 5
    assert done.json["definition"]["spend_months"] == "2024-02 to 2024-03"
