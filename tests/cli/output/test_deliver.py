"""Formats and files of the plain commands, through the real command line."""

import csv
import io
import json
import os

import pytest

from helpers import run, run_process

PANEL = (
    "account,month,mrr,plan\n"
    "a,2024-01,100,Pro\nb,2024-01,50,Team\nc,2024-01,30,Team\n"
    "a,2024-02,120,Pro\nb,2024-02,40,Pro\nd,2024-02,10,Team\n"
)
# by hand: opening 180; a +20; b -10; c -30; d new 10; closing 170


@pytest.fixture
def panel(tmp_path):
    (tmp_path / "mrr.csv").write_text(PANEL)
    return tmp_path


def test_json_is_the_contract(panel):
    document = run("nrr", "mrr.csv", "-f", "json", cwd=panel).json
    assert document["window"] == {"opening": "2024-01", "closing": "2024-02", "months": 1}
    assert document["definition"]["basis"] == "endpoints"
    row = document["rows"][0]
    assert row["opening_mrr"] == "180.00"
    assert row["expansion_mrr"] == "20.00"
    assert row["contraction_mrr"] == "10.00"
    assert row["churn_mrr"] == "30.00"
    assert row["new_mrr"] == "10.00"
    assert row["closing_mrr"] == "170.00"
    assert (row["opening_accounts"], row["churned_accounts"], row["new_accounts"]) == (3, 1, 1)
    assert row["nrr"] == 160 / 180
    assert row["grr"] == 140 / 180
    assert row["logo_churn"] == 1 / 3
    assert document["sources"][0]["rows"] == 6
    assert document["sources"][0]["total_mrr"] == "350.00"
    assert len(document["sources"][0]["sha256"]) == 64


def test_segments_of_a_changing_plan_close(panel):
    rows = run("nrr", "mrr.csv", "--by", "plan", "-f", "json", cwd=panel).json["rows"]
    pro, team, total = rows
    assert (pro["segment"], team["segment"], total["segment"]) == (
        {"plan": "Pro"},
        {"plan": "Team"},
        {},
    )
    assert (pro["segment_in_mrr"], team["segment_out_mrr"]) == ("40.00", "40.00")
    assert (pro["closing_mrr"], team["closing_mrr"]) == ("160.00", "10.00")
    assert (total["segment_in_mrr"], total["segment_out_mrr"]) == ("0.00", "0.00")
    assert pro["nrr"] == 1.2


def test_a_filter_is_a_segment(panel):
    row = run("nrr", "mrr.csv", "--where", "plan=Team", "-f", "json", cwd=panel).total
    assert (row["opening_mrr"], row["churn_mrr"], row["segment_out_mrr"]) == (
        "80.00",
        "30.00",
        "40.00",
    )


@pytest.mark.parametrize("condition", ["plan!=Pro", "plan in Team,Basic", "plan>P", "plan = Team"])
def test_other_conditions(panel, condition):
    row = run("nrr", "mrr.csv", "--where", condition, "-f", "json", cwd=panel).total
    assert row["opening_mrr"] == ("180.00" if condition == "plan>P" else "80.00")


def test_csv_is_flat(panel):
    text = run("nrr", "mrr.csv", "--by", "plan", "-f", "csv", cwd=panel).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [r["plan"] for r in rows] == ["Pro", "Team", ""]
    assert rows[-1]["closing_mrr"] == "170.00"
    assert float(rows[-1]["nrr"]) == 160 / 180


def test_markdown_has_a_table(panel):
    text = run("nrr", "mrr.csv", "-f", "md", cwd=panel).stdout
    assert "| Opening" in text or "| opening" in text
    assert "88.9%" in text


@pytest.mark.parametrize("name", ["out.json", "out.csv", "out.md"])
def test_files_by_extension(panel, name):
    done = run("nrr", "mrr.csv", "-o", name, cwd=panel)
    assert (done.exit_code, done.stdout) == (0, "")
    shown = run("nrr", "mrr.csv", "-f", name.split(".")[1], cwd=panel)
    assert (panel / name).read_text() == shown.stdout


def test_several_files_and_standard_output(panel):
    done = run("nrr", "mrr.csv", "-o", "a.json", "-o", "b.csv", "-f", "json", cwd=panel)
    assert json.loads(done.stdout) == json.loads((panel / "a.json").read_text())
    assert (panel / "b.csv").exists()


def test_standard_input(panel):
    done = run("nrr", "-", "-f", "json", stdin=PANEL, cwd=panel)
    assert done.total["closing_mrr"] == "170.00"


def test_several_inputs_are_one_panel(tmp_path):
    lines = PANEL.splitlines(keepends=True)
    (tmp_path / "a.csv").write_text(lines[0] + "".join(lines[1:4]))
    (tmp_path / "b.csv").write_text(lines[0] + "".join(lines[4:]))
    done = run("nrr", "a.csv", "b.csv", "-f", "json", cwd=tmp_path)
    assert done.total["closing_mrr"] == "170.00"
    assert [s["total_mrr"] for s in done.json["sources"]] == ["180.00", "170.00"]


def test_the_churn_sentence_of_the_guide(tmp_path):
    """B2B retention guide: 7 of 50 customers lost is 14.0%."""
    rows = [f"c{i},2024-01,10\n" for i in range(50)] + [f"c{i},2024-02,10\n" for i in range(43)]
    (tmp_path / "d.csv").write_text("customer,month,mrr\n" + "".join(rows))
    assert "14.0%" in run("churn", "d.csv", cwd=tmp_path).stdout


def test_monthly_churn_has_a_row_a_month(panel):
    rows = run("churn", "mrr.csv", "--monthly", "-f", "json", cwd=panel).json["rows"]
    assert [r["month"] for r in rows] == ["2024-02"]


def test_quiet_says_nothing(panel):
    assert run("nrr", "mrr.csv", "-f", "json", "--quiet", cwd=panel).stderr == ""


def test_expected_controls(panel):
    right = ("--expect-rows", 6, "--expect-total", "350.00")
    assert run("nrr", "mrr.csv", *right, cwd=panel).exit_code == 0
    assert run("nrr", "mrr.csv", "--expect-rows", 7, cwd=panel).exit_code == 3
    assert run("nrr", "mrr.csv", "--expect-sha256", "0" * 64, cwd=panel).exit_code == 3


def test_confidence_stands_alone_or_with_a_level(panel):
    alone = run("churn", "mrr.csv", "--confidence", "-f", "json", cwd=panel).total
    ninety = run("churn", "mrr.csv", "--confidence", 90, "-f", "json", cwd=panel).total
    # Wilson, 1 of 3, worked with statsmodels: proportion_confint(1, 3, 0.05, "wilson")
    assert alone["logo_churn_lower"] == pytest.approx(0.0614919447, abs=1e-9)
    assert alone["logo_churn_upper"] == pytest.approx(0.7923403992, abs=1e-9)
    assert ninety["logo_churn_lower"] > alone["logo_churn_lower"]
    assert alone["nrr_lower"] <= alone["nrr"] <= alone["nrr_upper"]


def test_empty_file_gives_empty_tables_when_asked(tmp_path):
    (tmp_path / "d.csv").write_text("account,month,mrr\n")
    assert run("nrr", "d.csv", cwd=tmp_path).exit_code == 3
    row = run("nrr", "d.csv", "--allow-empty", "-f", "json", cwd=tmp_path).total
    assert (row["opening_accounts"], row["nrr"]) == (0, None)
    assert row["reasons"]["nrr"] == "no_opening_mrr"


def test_a_closed_pipe_ends_quietly(panel):
    command = f"{os.sys.executable} -m retcalc movements mrr.csv -f csv | head -1"
    import subprocess

    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=panel,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_one_byte_string_on_any_threads_zone_and_locale(panel):
    outs = {
        run_process(
            "nrr", "mrr.csv", "--by", "plan", "--confidence", "-f", "json", cwd=panel, env=env
        ).stdout
        for env in (
            {"POLARS_MAX_THREADS": "1", "TZ": "UTC", "PYTHONHASHSEED": "1"},
            {"POLARS_MAX_THREADS": "8", "TZ": "Pacific/Kiritimati", "LANG": "de_DE.UTF-8"},
        )
    }
    assert len(outs) == 1


def test_validate_lists_every_finding(tmp_path):
    (tmp_path / "d.csv").write_text("account,month,mrr\na,2024-01,x\n,2024-01,1\nb,2024-01,5\n")
    done = run("validate", "d.csv", "-f", "json", cwd=tmp_path)
    assert done.exit_code == 3
    document = json.loads(done.stdout)
    found = {(r["code"], r["line"], r["rows"], r["severity"]) for r in document["rows"]}
    assert found == {("RC214", 2, 1, "error"), ("RC211", 3, 1, "error")}
    assert document["records"] == {"rows": 3, "affected": 2, "share": 2 / 3}


def test_validate_of_a_clean_file_is_zero(panel):
    done = run("validate", "mrr.csv", cwd=panel)
    assert done.exit_code == 0
    assert "Nothing is wrong" in done.stdout


def test_init_writes_a_config_that_works(panel):
    assert run("init", "mrr.csv", cwd=panel).exit_code == 0
    text = (panel / "retcalc.yaml").read_text()
    assert 'customer: "account"' in text
    done = run("nrr", "-f", "json", cwd=panel)
    assert done.total["closing_mrr"] == "170.00"
    assert len(done.json["config"]["sha256"]) == 64
    again = run("init", "mrr.csv", cwd=panel)
    assert (again.exit_code, (panel / "retcalc.yaml").read_text()) == (2, text)


def test_demo_writes_the_same_files_and_runs_the_tour(tmp_path):
    done = run("demo", cwd=tmp_path)
    assert done.exit_code == 0
    assert done.stdout.count("$ retcalc ") >= 4
    before = {p.name: p.read_bytes() for p in (tmp_path / "retcalc-demo").iterdir()}
    assert run("demo", cwd=tmp_path).exit_code == 0
    assert before == {p.name: p.read_bytes() for p in (tmp_path / "retcalc-demo").iterdir()}


def test_metrics_prints_one_definition():
    assert "(opening + expansion - contraction - churn) / opening" in run("metrics", "nrr").stdout
    assert "logo_churn" in run("metrics").stdout


def test_missing_file_ends_with_four(tmp_path):
    done = run("nrr", "no.csv", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "no.csv" in done.stderr


@pytest.mark.parametrize(
    "column", ["id", "amount", "seg", "known", "since", "mrr", "account", "__at"]
)
def test_a_segment_may_have_any_name(tmp_path, column):
    header = ["account", "month", "mrr"]
    extra = [] if column in header else [column]
    rows = [("a", "2024-01", "10", "x"), ("a", "2024-02", "12", "x")]
    lines = [",".join([*header, *extra])] + [",".join(r[: 3 + len(extra)]) for r in rows]
    (tmp_path / "d.csv").write_text("\n".join(lines) + "\n")
    done = run("nrr", "d.csv", "--by", column, "-f", "json", cwd=tmp_path)
    assert done.total["nrr"] == 1.2
    assert list(done.json["rows"][0]["segment"]) == [column]
