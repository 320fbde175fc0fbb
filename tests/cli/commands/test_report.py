"""retcalc report through the real command line: its forms, its parts, its refusals."""

import json
import re

import jsonschema
import pytest

from helpers import ROOT, run, run_process
from retcalc.cli.output.demo_data import demo_files

SCHEMA = ROOT / "configs" / "schema" / "report.schema.json"
ARGUMENTS = ("mrr.csv", "--by", "plan", "--costs", "spend.csv", "--margin", "0.8")
# a pays throughout, b leaves in month 3, c comes in month 2: by hand
SMALL = (
    "account,month,mrr\n"
    "a,2026-01,100\nb,2026-01,50\n"
    "a,2026-02,120\nb,2026-02,50\nc,2026-02,30\n"
    "a,2026-03,120\nc,2026-03,30\n"
)


@pytest.fixture
def demo(tmp_path):
    for name, text in demo_files().items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_every_part_is_what_its_command_gives(demo):
    parts = run("report", *ARGUMENTS, "-f", "json", cwd=demo).json["parts"]
    shared = ("mrr.csv", "--by", "plan", "-f", "json")
    assert parts["summary"] == run("summary", *shared, cwd=demo).json
    assert parts["movements"] == run("movements", *shared, cwd=demo).json
    assert parts["cohort"] == run("cohort", *shared, cwd=demo).json
    assert parts["survival"] == run("survival", *shared, cwd=demo).json
    assert parts["win_back"] == run("win-back", *shared, cwd=demo).json
    assert parts["clv"] == run("clv", *shared, "--margin", "0.8", cwd=demo).json
    costs = ("--margin", "0.8", "--costs", "spend.csv")
    assert parts["clv_cac"] == run("clv-cac", *shared, *costs, cwd=demo).json
    alone = ("mrr.csv", "--months", "9")  # what 24 months of history allow, of the total alone
    assert parts["forecast"] == run("forecast", *alone, "-f", "json", cwd=demo).json
    assert parts["concentration"] == run("concentration", *shared, "--lorenz", cwd=demo).json


def test_the_trailing_line_is_nrr_as_of_every_month(demo):
    rows = run("report", *ARGUMENTS, "-f", "json", cwd=demo).json["parts"]["trailing"]["rows"]
    assert [row["month"] for row in rows] == [
        *("2025-11", "2025-12"),
        *(f"2026-{month:02d}" for month in range(1, 11)),
    ]
    for row in (rows[0], rows[5]):
        alone = run("nrr", "mrr.csv", "--as-of", row["month"], "-f", "json", cwd=demo).total
        assert {key: row[key] for key in alone} == alone


def test_the_trailing_line_by_hand(tmp_path):
    (tmp_path / "mrr.csv").write_text(SMALL)
    done = run("report", "mrr.csv", "--window", "1m", "-f", "json", cwd=tmp_path)
    rows = done.json["parts"]["trailing"]["rows"]
    # February keeps 150 and grows by 20; March loses b's 50 of 200
    assert [row["nrr"] for row in rows] == [170 / 150, 150 / 200]
    assert [row["month"] for row in rows] == ["2026-02", "2026-03"]


def test_what_is_left_out_says_what_it_needs(tmp_path):
    (tmp_path / "mrr.csv").write_text(SMALL)
    document = run("report", "mrr.csv", "-f", "json", cwd=tmp_path).json
    assert set(document["left_out"]) == {"clv", "clv_cac", "forecast"}
    assert re.fullmatch(r"needs \d+ months more of history", document["left_out"]["forecast"])
    assert "--margin" in document["left_out"]["clv"]
    assert "clv" not in document["parts"]


def test_reasons_for_leaving_are_a_part_where_the_data_states_some(tmp_path):
    stated = SMALL.replace("mrr\n", "mrr,churn_reason\n", 1).replace("02,50\n", "02,50,price\n")
    stated = "".join(f"{r}\n" if r.count(",") > 2 else f"{r},\n" for r in stated.splitlines())
    (tmp_path / "mrr.csv").write_text(stated)
    outputs = [word for form in ("html", "xlsx", "md") for word in ("-o", f"close.{form}")]
    done = run("report", "mrr.csv", "-f", "json", *outputs, cwd=tmp_path)
    asked = ("churn", "mrr.csv", "--by-reason", "-f", "json")
    part = done.json["parts"]["churn_reasons"]
    assert part == run(*asked, cwd=tmp_path).json
    assert [(row["reason"], row["churn_mrr"]) for row in part["rows"]] == [
        ("price", "50.00"),
        (None, "50.00"),
    ]
    assert "Churn by reason" in (tmp_path / "close.html").read_text()
    assert "win_back" not in done.json["parts"]  # nobody came back


def test_the_json_fits_its_schema(demo):
    document = run("report", *ARGUMENTS, "-f", "json", cwd=demo).json
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def test_the_report_is_byte_for_byte_the_same_anywhere(demo):
    outputs = [word for form in ("html", "xlsx", "md", "json") for word in ("-o", f"close.{form}")]
    seen = set()
    for zone, threads, locale in (("UTC", "1", "C"), ("Pacific/Auckland", "2", "de_DE.UTF-8")):
        env = {"TZ": zone, "POLARS_MAX_THREADS": threads, "LC_ALL": locale}
        done = run_process("report", *ARGUMENTS, *outputs, cwd=demo, env=env)
        assert done.exit_code == 0, done.stderr
        assert done.stdout == ""
        seen.add(tuple((demo / name).read_bytes() for name in outputs[1::2]))
    assert len(seen) == 1


def test_without_a_file_the_answers_are_printed(demo):
    done = run("report", *ARGUMENTS, cwd=demo, env={"COLUMNS": "200"})
    for title in ("Summary", "MRR movements", "Survival", "CLV and CAC", "Concentration"):
        assert title in done.stdout


@pytest.mark.parametrize("output", ["close.csv", "close.parquet", "close", "close.pdf"])
def test_a_report_has_no_such_form(demo, output):
    done = run("report", "mrr.csv", "-o", "close.html", "-o", output, cwd=demo)
    assert done.exit_code == 2
    assert "RC182" in done.stderr
    assert not (demo / "close.html").exists()


def test_the_data_is_never_overwritten(demo):
    (demo / "mrr.md").write_bytes((demo / "mrr.csv").read_bytes())
    done = run("report", "mrr.md", "-o", "mrr.md", cwd=demo)
    assert (done.exit_code, "RC154" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("module", "output"),
    [("jinja2", "close.html"), ("vl_convert", "close.html"), ("xlsxwriter", "close.xlsx")],
)
def test_without_the_extra_one_line_says_what_to_install(demo, module, output, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    done = run("report", "mrr.csv", "-o", output, cwd=demo)
    assert done.exit_code == 4
    assert "RC470" in done.stderr
    assert 'pip install "retcalc[report]"' in done.stderr
    assert not (demo / output).exists()


def test_data_from_a_pipe_is_read_once(tmp_path):
    done = run("report", "-", "-f", "json", stdin=SMALL, cwd=tmp_path)
    assert done.json["parts"]["summary"]["rows"][-1]["closing_accounts"] == 2


@pytest.mark.parametrize("text", ["account,month,mrr\n", "account,month,mrr\na,2026-01,5\n"])
def test_little_data_makes_a_small_report(tmp_path, text):
    (tmp_path / "mrr.csv").write_text(text)
    outputs = [word for form in ("html", "xlsx", "md", "json") for word in ("-o", f"close.{form}")]
    done = run("report", "mrr.csv", "--margin", "0.8", "--allow-empty", *outputs, cwd=tmp_path)
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize("command", [["nrr"], ["cohort"], ["explain", "nrr"], ["validate"]])
def test_any_answer_is_written_as_page_workbook_and_parquet(demo, command):
    outputs = [word for form in ("html", "xlsx", "parquet") for word in ("-o", f"x.{form}")]
    done = run(*command, "mrr.csv", *outputs, cwd=demo)
    assert done.exit_code == 0, done.stderr
    assert (demo / "x.html").read_bytes().startswith(b"<!doctype html>")
    assert (demo / "x.xlsx").read_bytes().startswith(b"PK")
    assert (demo / "x.parquet").read_bytes().startswith(b"PAR1")
