"""The JSON Schema of the config, for editors and for the docs."""

from __future__ import annotations

import json
from typing import Any

from retcalc.config.model.config import Config


def config_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a retcalc.yaml, as ordinary YAML tools type its values."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Config.model_json_schema(mode="validation"),
        "title": "retcalc.yaml",
    }


def schema_text() -> str:
    """Give the schema as the text of configs/schema/config.schema.json."""
    return json.dumps(config_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
