"""movements --trailing: what the windows say one by one, in one table."""

import pytest

from helpers import run

PANEL = """account,plan,month,mrr
a,Pro,2024-01,100.00
a,Pro,2024-02,110.00
a,Basic,2024-03,90.00
a,Basic,2024-04,90.00
b,Basic,2024-01,50.00
b,Basic,2024-02,50.00
b,Basic,2024-04,60.00
c,Pro,2024-02,10.00
c,Pro,2024-03,5.00
"""


@pytest.fixture
def panel(tmp_path):
    path = tmp_path / "mrr.csv"
    path.write_text(PANEL)
    return path


def test_worked_by_hand(panel):
    """January opens with 150: a 90 and b gone in March; February with 170: a 90, b 60 in April."""
    rows = run("movements", panel, "--trailing", "2m", "-f", "json").json["rows"]
    by_month = {row["month"]: row for row in rows}
    assert [by_month["2024-03"][f"trailing_{n}"] for n in ("nrr", "grr")] == [90 / 150, 90 / 150]
    april = by_month["2024-04"]
    assert april["trailing_nrr"] == (90 + 60) / 170
    assert april["trailing_grr"] == (90 + 50) / 170
    assert by_month["2024-02"]["trailing_nrr"] is None
    assert by_month["2024-02"]["reasons"]["trailing_nrr"] == "no_opening_mrr"


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--by", "plan"),
        ("--where", "plan=Basic"),
        ("--basis", "monthly"),
        ("--definition", "reactivation-included"),
        ("--definition", "movements-grr"),
        ("--definition", "compounded-monthly"),
        ("--definition", "survivors-only"),
    ],
)
@pytest.mark.parametrize("months", [1, 2, 3])
def test_each_row_is_the_window_up_to_its_month(panel, options, months):
    done = run("movements", panel, "--trailing", f"{months}m", *options, "-f", "json").json
    assert done["definition"]["trailing_months"] == months
    for row in done["rows"]:
        if int(row["month"][-2:]) <= months:
            continue
        window = ("--as-of", row["month"], "--window", f"{months}m")
        alone = run("nrr", panel, *window, *options, "-f", "json").json["rows"]
        same = next(r for r in alone if r["segment"] == row["segment"])
        for name in ("nrr", "grr"):
            assert row[f"trailing_{name}"] == same[name], (row["month"], row["segment"], name)


def test_table_and_csv_name_the_length(panel):
    shown = run("movements", panel, "--trailing", "1q", "--quiet", env={"COLUMNS": "250"}).stdout
    assert "NRR 3m" in shown
    header = run("movements", panel, "--trailing", "1q", "-f", "csv").stdout.splitlines()[0]
    assert header.endswith("trailing_nrr,trailing_grr")


@pytest.mark.parametrize("text", ["", "0m", "12", "ytd", "-1m", "1.5y"])
def test_a_length_is_months_quarters_or_years(panel, text):
    done = run("movements", panel, "--trailing", text)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC153" in done.stderr
    assert "--trailing 12m" in done.stderr


def test_sums_without_accounts_have_no_trailing_retention(tmp_path):
    path = tmp_path / "metrics.csv"
    path.write_text("metric,2024-01,2024-02\nNew,1,0\nMRR,1,1\n")
    done = run("movements", path, "--trailing", "1m")
    assert (done.exit_code, "error RC205" in done.stderr) == (3, True)
