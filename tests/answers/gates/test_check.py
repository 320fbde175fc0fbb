"""check: rules on figures, verdicts by hand, and what CI systems read."""

import xml.etree.ElementTree as ET

import pytest

from helpers import ROOT, run
from retcalc.cli.output.demo_data import demo_files

# by hand, 2024-01 to 2024-02: opening 200, contraction 10, churn 50, expansion 20, new 5
PANEL = (
    "account,month,mrr,plan\n"
    "a,2024-01,100,Pro\nb,2024-01,50,Pro\nc,2024-01,50,Team\n"
    "a,2024-02,120,Pro\nc,2024-02,40,Team\nd,2024-02,5,Team\n"
)


def check(folder, config, *arguments):
    (folder / "mrr.csv").write_text(PANEL)
    (folder / "retcalc.yaml").write_text(config)
    return run("check", "mrr.csv", *arguments, cwd=folder)


def rows(done):
    import json

    return json.loads(done.stdout)["rows"]


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("{metric: nrr, min: 0.80}", "ok"),
        ("{metric: nrr, min: 0.8000001}", "failed"),
        ("{metric: logo_churn, max: 0.34}", "ok"),
        ("{metric: logo_churn, max: 0.33}", "failed"),
        ('{metric: closing_mrr, equals: "165.00"}', "ok"),
        ('{metric: closing_mrr, equals: "165.01"}', "failed"),
        ('{metric: closing_mrr, equals: "165.01", tolerance: 0.01}', "ok"),
        ("{metric: closing_accounts, equals: 3}", "ok"),
        ("{metric: rows, min: 7}", "failed"),
        ("{metric: bad_share, max: 0}", "ok"),
        ("{metric: months_behind, month: 2024-02, max: 0}", "ok"),
        ("{metric: months_behind, month: 2024-04, max: 1}", "failed"),
        ("{metric: nrr, where: {plan: Pro}, equals: 0.8}", "ok"),
        ("{metric: logo_churn, where: {plan: Team}, max: 0}", "ok"),
    ],
)
def test_limits(tmp_path, rule, status):
    done = check(tmp_path, f"checks:\n  - {rule}\n", "-f", "json")
    assert [r["status"] for r in rows(done)] == [status]
    assert done.exit_code == (0 if status == "ok" else 1)


def test_every_segment_is_judged(tmp_path):
    done = check(tmp_path, "checks:\n  - {metric: grr, by: plan, min: 0.70}\n", "-f", "json")
    verdicts = {r["check"]: (r["value"], r["status"]) for r in rows(done)}
    assert verdicts["grr Pro"] == (100 / 150, "failed")
    assert verdicts["grr Team"] == (0.8, "ok")


def test_a_warning_does_not_fail_the_run(tmp_path):
    config = "checks:\n  - {metric: nrr, min: 1.00, severity: warn}\n"
    done = check(tmp_path, config, "-f", "json")
    assert (done.exit_code, rows(done)[0]["status"]) == (0, "failed")


def test_an_undefined_figure_does_not_hold(tmp_path):
    config = "checks:\n  - {metric: nrr, where: {plan: None}, min: 0}\n"
    done = check(tmp_path, config, "-f", "json")
    assert done.exit_code == 1
    assert rows(done)[0]["reasons"] == {"value": "no_opening_mrr"}


def test_the_accounts_behind_a_failure_are_named(tmp_path):
    import json

    done = check(tmp_path, "checks:\n  - {metric: nrr, min: 1.00}\n", "-f", "json")
    accounts = json.loads(done.stdout)["accounts"]
    assert [(a["account"], a["movement"], a["lost_mrr"]) for a in accounts] == [
        ("b", "churn", "50.00"),
        ("c", "contraction", "10.00"),
    ]


def test_a_target_on_its_glide_path(tmp_path):
    """Half way from 0.50 to 0.10, 0.30 is asked for; 1 of 3 is more."""
    config = (
        "targets:\n  churn: {metric: logo_churn, from: 0.50, to: 0.10, "
        "start: 2024-01, by: 2024-03, severity: error}\n"
    )
    done = check(tmp_path, config, "-f", "json")
    (row,) = rows(done)
    assert (row["limit"], row["rule"], row["status"]) == (0.3, "max", "failed")


def test_change_against_the_month_before(tmp_path):
    extra = "a,2024-03,120,Pro\nc,2024-03,20,Team\nd,2024-03,5,Team\n"
    (tmp_path / "mrr.csv").write_text(PANEL + extra)
    rule = "{metric: closing_mrr, window: 1m, max_drop: 19.99}"
    (tmp_path / "retcalc.yaml").write_text(f"checks:\n  - {rule}\n")
    done = run("check", "mrr.csv", "-f", "json", cwd=tmp_path)
    assert (rows(done)[0]["value"], done.exit_code) == ("20", 1)


def test_unknown_metric_and_no_checks(tmp_path):
    assert "RC181" in check(tmp_path, "checks:\n  - {metric: nr, min: 1}\n").stderr
    assert "RC180" in check(tmp_path, "window: 1m\n").stderr


def test_junit_is_read_back_by_another_parser(tmp_path):
    config = (
        "checks:\n  - {metric: nrr, min: 1.00}\n  - {metric: grr, min: 0.1}\n"
        '  - {metric: nrr, min: 1.1, severity: warn, name: "<a&b>\\u0007"}\n'
    )
    done = check(tmp_path, config, "--junit", "out.xml")
    assert done.exit_code == 1
    suites = ET.parse(tmp_path / "out.xml").getroot()
    (suite,) = suites
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    kinds = [[child.tag for child in case] for case in suite]
    assert kinds == [["failure"], [], ["skipped"]]
    message = suite[0][0].get("message")
    assert message.startswith("nrr: 0.8, limit min 1")


def test_annotations_and_summary_in_a_workflow(tmp_path):
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    (tmp_path / "mrr.csv").write_text(PANEL)
    (tmp_path / "retcalc.yaml").write_text(
        'checks:\n  - {metric: nrr, min: 1.00, name: "50% rule"}\n'
    )
    done = run("check", "mrr.csv", cwd=tmp_path, env=env)
    assert "::error title=retcalc check::50%25 rule: 0.8, limit min 1" in done.stderr
    assert "50% rule" in (tmp_path / "summary.md").read_text().replace("&#37;", "%")


@pytest.mark.parametrize(("name", "status"), [("passing", 0), ("failing", 1)])
def test_the_example_rules(tmp_path, name, status):
    (tmp_path / "mrr.csv").write_text(demo_files()["mrr.csv"])
    rules = ROOT / "examples" / "ci" / f"{name}.yaml"
    done = run("check", "mrr.csv", "-c", rules, cwd=tmp_path)
    assert done.exit_code == status, done.stdout + done.stderr


def test_published_bands_stand_beside_the_figures(tmp_path):
    import json

    done = check(tmp_path, "checks:\n  - {metric: nrr, min: 0.5}\n", "-f", "json")
    (band,) = json.loads(done.stdout)["benchmarks"]
    assert (band["metric"], band["good"], band["top"], band["months"]) == ("nrr", 1.2, 1.4, 12)
    assert "guide" in band["source"]
    own = "bands:\n  - {metric: nrr, who: us, good: 1.05, source: our board}\n"
    (tmp_path / "own.yaml").write_text(own)
    done = run("check", "mrr.csv", "--benchmarks", "own.yaml", "-f", "json", cwd=tmp_path)
    assert json.loads(done.stdout)["benchmarks"][0]["source"] == "our board"
    (tmp_path / "own.yaml").write_text("bands:\n  - {metric: nrr, who: us, god: 1}\n")
    assert run("check", "mrr.csv", "--benchmarks", "own.yaml", cwd=tmp_path).exit_code == 2


@pytest.mark.parametrize(
    ("config", "fix"),
    [
        ("targets: {nrrr: 1.0}\n", "did you mean nrr?"),
        ("targets: {goal: {metric: gini, to: 0.5}}\n", "one of nrr"),
        ("checks: [{metric: closing_mr, min: 1}]\n", "did you mean closing_mrr?"),
        ("checks: [{metric: nrr, min: 0}]\ntargets: {survivall: 1.0}\n", "one of nrr"),
    ],
)
def test_what_no_answer_holds_is_refused_before_anything_is_judged(tmp_path, config, fix):
    done = check(tmp_path, config)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC181: check cannot judge " in done.stderr
    assert fix in done.stderr


def test_a_figure_that_the_data_does_not_have_is_refused(tmp_path):
    done = check(tmp_path, "checks: [{metric: fx_mrr, max: 1}]\n")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC181: check cannot judge 'fx_mrr' of this data" in done.stderr


# by hand, 2024-02 to 2024-03: 1 new account for a spend of 30, so CAC 30 and, as the new account
# pays 5 at a margin of one half, 12 months until it is paid back
GROWING = f"{PANEL}a,2024-03,120,Pro\nc,2024-03,40,Team\nd,2024-03,5,Team\ne,2024-03,5,Team\n"
COSTED = "sources: {costs: spend.csv}\nclv: {gross_margin: 0.5}\n"


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("checks: [{metric: cac, window: 1m, max: 30}]", "ok"),
        ("checks: [{metric: cac, window: 1m, max: 29.99}]", "failed"),
        ("checks: [{metric: payback_months, window: 1m, equals: 12}]", "ok"),
        ("window: 1m\ntargets: {payback_months: 11.9}", "failed"),
        ("window: 1m\ntargets: {payback_months: 12}", "ok"),
    ],
)
def test_what_an_account_costs_can_be_judged(tmp_path, rule, status):
    (tmp_path / "mrr.csv").write_text(GROWING)
    (tmp_path / "spend.csv").write_text("month,spend\n2024-02,20\n2024-03,30\n")
    (tmp_path / "retcalc.yaml").write_text(f"{COSTED}{rule}\n")
    done = run("check", "mrr.csv", "-f", "json", cwd=tmp_path)
    assert [r["status"] for r in rows(done)] == [status], done.stderr


def test_a_target_of_costs_without_a_costs_file_says_what_is_missing(tmp_path):
    done = check(tmp_path, "clv: {gross_margin: 0.5}\ntargets: {clv_cac: 3.0}\n")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC169: " in done.stderr and "sources: {costs: spend.csv}" in done.stderr
