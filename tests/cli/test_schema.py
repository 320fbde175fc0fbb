"""The JSON Schema of the outputs against real output of every command."""

import json

import pytest
from jsonschema import Draft202012Validator

from helpers import ROOT, run
from retcalc.cli.output.demo_data import demo_files

SCHEMA = json.loads((ROOT / "configs" / "schema" / "result.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)
COMMANDS = (
    ("summary", "mrr.csv"),
    ("nrr", "mrr.csv", "--by", "plan", "--confidence"),
    ("grr", "mrr.csv"),
    ("churn", "mrr.csv", "--monthly"),
    ("retention", "mrr.csv", "--by", "plan"),
    ("win-back", "mrr.csv", "--by", "plan"),
    ("movements", "mrr.csv", "--by", "plan"),
    ("cohort", "mrr.csv"),
    ("tenure", "mrr.csv"),
    ("survival", "mrr.csv"),
    ("clv", "mrr.csv", "--by", "plan"),
    ("clv-cac", "mrr.csv", "--costs", "spend.csv"),
    ("concentration", "mrr.csv"),
    ("whatif", "mrr.csv", "--churn", "-1pt"),
    ("forecast", "mrr.csv", "--months", "3", "--by", "plan", "--by-cohort"),
    ("compare", "nrr", "mrr.csv"),
    ("explain", "nrr", "mrr.csv"),
    ("check", "mrr.csv"),
    ("validate", "mrr.csv"),
    ("close", "lock", "2026-09", "mrr.csv"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_output_keeps_the_schema(command, tmp_path):
    for name, text in demo_files().items():
        (tmp_path / name).write_text(text)
    done = run(*command, "-f", "json", cwd=tmp_path)
    errors = [f"{list(e.path)}: {e.message}" for e in VALIDATOR.iter_errors(done.json)]
    assert errors[:5] == []


def test_the_schema_refuses_a_float_of_money():
    document = {
        "retcalc": "1",
        "schema": 1,
        "metric": "close",
        "definition": {"formula": ""},
        "window": None,
        "currency": None,
        "rows": [
            {"segment": {}, "account": "a", "month": None, "locked_mrr": 1.5}
            | {"current_mrr": "1.50", "difference": "0.00"}
        ],
        "notes": [],
        "sources": [],
    }
    assert not VALIDATOR.is_valid(document)
