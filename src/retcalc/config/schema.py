"""The JSON Schema of the config, for editors and for the docs."""

from __future__ import annotations

from typing import Any

from retcalc.config.model import Config


def config_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a retcalc.yaml, as ordinary YAML tools type it."""
    schema = Config.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "retcalc.yaml",
    }
