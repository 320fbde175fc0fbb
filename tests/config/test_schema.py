"""The JSON Schema in configs/schema is that of the code, and judges configs as the loader does."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml

from helpers import ROOT
from retcalc.config.load import parse
from retcalc.config.model.config import Config
from retcalc.config.schema import config_schema, schema_text
from retcalc.core.findings import RetcalcError

CONFIGS = ROOT / "configs"

GOOD = [
    "{}",
    "account: parent_id",
    "account: {column: p, mergers: m.csv}",
    "sources: {mrr: [a.csv, b.csv]}",
    "targets: {clv_cac: 3.0, nrr: {to: '1.10'}}",
    "checks: [{metric: nrr, min: 1, where: {plan: [A, 5], paid: true}}]",
    "amounts: {decimal: null}",
    "min_group: 0",
    "as_of: 2026-10",
]
BAD = [
    "colums: {}",
    "account: {colum: p}",
    "shape: invoice",
    "min_group: -1",
    "min_group: 1.5",
    "calendar: {fiscal_year_start: 13}",
    "clv: {gross_margin: 78}",
    "as_of: 2026-13",
    "window: 12w",
    "currency: {report: usd}",
    "targets: {a: high}",
    "targets: {a: {from: 1}}",
    "checks: [{min: 1}]",
    "checks: {metric: nrr}",
    "health: {threshold: 50}",
    "sources: {signals: usage.csv}",
    "columns: {nps: score}",
    "columns: {first_value: day}",
    "calendar: {month_close: last_day}",
    "segments: {size: {from: opening_mrr, bands: []}}",
    "amounts: {thousands: x}",
]


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = config_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_file_is_the_schema_of_the_code() -> None:
    text = (CONFIGS / "schema" / "config.schema.json").read_text(encoding="utf-8")
    assert text == schema_text()
    assert json.loads(text)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_example_is_valid(validator: Any) -> None:
    text = (CONFIGS / "retcalc.example.yaml").read_text(encoding="utf-8")
    validator.validate(yaml.safe_load(text))


@pytest.mark.parametrize("text", GOOD)
def test_schema_and_loader_accept_the_same(validator: Any, text: str) -> None:
    parse("retcalc.yaml", text.encode(), Config)
    assert validator.is_valid(yaml.safe_load(text))


@pytest.mark.parametrize("text", BAD)
def test_schema_and_loader_refuse_the_same(validator: Any, text: str) -> None:
    with pytest.raises(RetcalcError):
        parse("retcalc.yaml", text.encode(), Config)
    assert not validator.is_valid(yaml.safe_load(text))


def test_every_key_is_described_and_has_an_example() -> None:
    schema = config_schema()
    for part in (schema, *schema["$defs"].values()):
        assert part["description"]
        for key, field in part["properties"].items():
            assert field["description"].endswith("."), key
            assert field["examples"], key


def test_every_example_is_accepted() -> None:
    schema = config_schema()
    for key, field in schema["properties"].items():
        Config.model_validate({key: field["examples"][0]})
