"""Libraries that only some outputs need: loaded on use, named clearly where they are absent."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from retcalc.core.findings import Finding, RetcalcError

_PACKAGES = {"vl_convert": "vl-convert-python", "jinja2": "jinja2", "xlsxwriter": "xlsxwriter"}


def load(module: str, needed_for: str) -> Any:
    """Import a module of the report extra; raises RetcalcError (RC470) where it is absent."""
    try:
        return import_module(module)
    except ImportError as error:
        text = f"{needed_for} needs {_PACKAGES[module]}, which is not installed"
        fix = 'pip install "retcalc[report]"'
        raise RetcalcError(Finding("RC470", text, fix=fix)) from error
