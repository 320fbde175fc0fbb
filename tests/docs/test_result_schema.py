"""The schema of results is that of the code, knows every column, and refuses what is none."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from helpers import run
from retcalc.cli.output.demo_data import demo_files
from retcalc.metrics import bridge_metrics

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "configs" / "schema" / "result.schema.json").read_text("utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)
LIVES = "customer_id,start_date,end_date\na,2024-01-03,2024-05-02\nb,2024-02-03,\nc,2024-01-01,\n"
PAID = LIVES.replace("end_date\n", "end_date,mrr\n").replace(",2024-05-02\n", ",2024-05-02,9\n")
PAID = PAID.replace(",\n", ",,5\n")
SUMS = """\
date,mrr,mrr-new-business,mrr-expansion,mrr-contraction,mrr-churn,mrr-reactivation,customers
2026-01-31,100,100,0,0,0,0,2
2026-02-28,130,20,15,0,-5,0,3
"""
MONEY = "account,month,mrr,currency\na,2024-01,10,EUR\nb,2024-01,5,USD\na,2024-02,11,EUR\n"
RATES = "month,currency,rate\n2024-01,EUR,1.1\n2024-02,EUR,1.2\n"
COMMANDS = (
    ("summary", "lives.csv"),
    ("churn", "lives.csv", "--monthly"),
    ("churn", "paid.csv", "--reasons", "why.csv", "--monthly"),
    ("churn", "lives.csv", "--reasons", "why.csv"),
    ("summary", "paid.csv"),
    ("explain", "carr_mrr", "paid.csv"),
    ("explain", "churn", "lives.csv", "--reasons", "why.csv"),
    ("explain", "win_back", "mrr.csv"),
    ("explain", "movements", "mrr.csv", "--product-column", "plan", "--limit", "3"),
    ("win-back", "mrr.csv"),
    ("win-back", "lives.csv"),
    ("movements", "lives.csv"),
    ("movements", "sums.csv"),
    ("movements", "mrr.csv", "--kinds", "--product-column", "plan", "--by", "plan"),
    ("movements", "mrr.csv", "--trailing", "3m"),
    ("summary", "money.csv", "--fx", "rates.csv", "--currency", "USD"),
    ("summary", "mrr.csv", "--where", "plan=Pro", "--confidence", "90"),
    ("cohort", "mrr.csv", "--confidence"),
    ("tenure", "mrr.csv", "--confidence"),
    ("survival", "mrr.csv", "--by", "plan"),
    ("clv", "mrr.csv", "--trend", "--discount", "10%"),
    ("clv-cac", "mrr.csv", "--costs", "spend.csv", "--discount", "10%"),
    ("concentration", "mrr.csv", "--lorenz"),
    ("whatif", "mrr.csv", "--renewal", "80%:85%"),
    ("compare", "logo_churn", "mrr.csv", "--accounts", "2"),
    ("explain", "movements", "mrr.csv"),
    ("explain", "nrr", "mrr.csv", "--all-rows"),
    ("explain", "logo_churn", "paid.csv", "--definition", "all-events"),
    ("explain", "mrr.csv", "--account", "0001"),
    ("close", "diff", "mrr.csv"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema")
    own = {
        "lives.csv": LIVES,
        "why.csv": "customer_id,date,reason\na,2024-05-01,price\n",
        "paid.csv": PAID,
        "sums.csv": SUMS,
        "money.csv": MONEY,
        "rates.csv": RATES,
    }
    for name, text in {**demo_files(), **own}.items():
        (path / name).write_text(text)
    run("close", "lock", "2026-08", "mrr.csv", cwd=path)
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_form_of_an_answer_keeps_the_schema(folder: Path, command: tuple[str, ...]) -> None:
    document = run(*command, "-f", "json", cwd=folder).json
    assert [f"{list(e.path)}: {e.message}"[:200] for e in VALIDATOR.iter_errors(document)] == []


def changed(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The document with one figure of its first row left out, renamed or of another type."""
    for name, value in document["rows"][0].items():
        if name in ("reasons", "small", "at_least"):
            continue
        for what in ("without", "renamed", "other"):
            other = copy.deepcopy(document)
            row = other["rows"][0]
            del row[name]
            if what == "renamed":
                row[f"{name}_"] = value
            if what == "other":
                row[name] = 1.5 if isinstance(value, str | dict | list | None) else "x"
            yield f"{what} {name}", other


@pytest.mark.parametrize(
    "command",
    [
        ("summary", "mrr.csv"),
        ("cohort", "mrr.csv"),
        ("clv", "mrr.csv"),
        ("explain", "nrr", "mrr.csv"),
    ],
    ids=" ".join,
)
def test_a_figure_that_is_missing_renamed_or_of_another_type(
    folder: Path, command: tuple[str, ...]
) -> None:
    document = run(*command, "-f", "json", cwd=folder).json
    assert [what for what, other in changed(document) if VALIDATOR.is_valid(other)] == []


def test_every_metric_is_in_the_schema() -> None:
    """A new METRIC is in it as soon as the pages are made; no list of them is kept."""
    then = next(
        part["then"]
        for part in SCHEMA["allOf"]
        if part["if"]["properties"]["metric"]["const"] == "summary"
    )
    whole = then["properties"]["rows"]["items"]["anyOf"][0]
    shown = {n for n, m in bridge_metrics().items() if "summary" in m.shown_in}
    assert shown <= set(whole["required"])
