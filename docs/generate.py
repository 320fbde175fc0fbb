"""Write what is made from the code: pages, schema, config defaults. ``--check`` compares."""

from __future__ import annotations

import ast
import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import result_schema  # beside this file

DOCS = Path(__file__).parent
SOURCE = DOCS.parent / "src" / "retcalc"


def commands_page() -> str:
    """Every command with its own options and example; the shared options once."""
    from retcalc.cli.app import leaves

    parts = ["# Commands\n", "Made from the code by `make docs`.\n"]
    shared: str | None = None
    for path, command in leaves():
        own, common = _help(path, command)
        shared = shared or common
        example = f"\nExample: `{command.epilog}`\n" if command.epilog else ""
        parts.append(f"## {' '.join(path)}\n\n{_first(command)}\n{example}")
        if own:
            parts.append(f"```\n{own}\n```\n")
    return "\n".join([*parts, f"## Options of every data command\n\n```\n{shared}\n```\n"])


def _help(path: tuple[str, ...], command: Any) -> tuple[str, str]:
    """The sections of a command's own arguments and options, and the shared ones."""
    with command.make_context(
        f"retcalc {' '.join(path)}", [], resilient_parsing=True, terminal_width=80
    ) as context:
        text = command.get_help(context)
    body = text.partition("\nExample:")[0]
    head, found, common = body.partition("\nSources:\n")
    sections = head.partition("\n\nArguments:")[2] or head.partition("\n\nOptions:")[2]
    lines = [line for line in sections.splitlines() if "--help" not in line and line.strip()]
    own = "\n".join(line for line in lines if line.startswith("  "))
    own = re.sub(r"  DATA….*(?:\n {10,}.*)*\n?", "", own).rstrip()  # every command has it
    return own, f"Sources:\n{common}".rstrip() if found else ""


def _first(command: Any) -> str:
    return (command.help or "").strip()


def metrics_page() -> str:
    """Every metric's docstring."""
    from retcalc.metrics import metric_modules

    parts = [
        "# Metrics\n",
        "Made from the code by `make docs`; each example is executed by a test.\n",
    ]
    for name, module in metric_modules().items():
        parts.append(f"## {name}\n\n```\n{module.__doc__.strip()}\n```\n")
    return "\n".join(parts)


def errors_page() -> str:
    """The catalogue of codes."""
    from retcalc.core.error_codes import CATALOGUE

    rows = [
        f"| {code} | {kind.status} | {kind.title} | {kind.remedy} |"
        for code, kind in sorted(CATALOGUE.items())
    ]
    head = (
        "# Errors and notes\n\nMade from the code by `make docs`. Codes are stable. Status 0 is a"
        " note; with `--strict` every note but RC89x is an error. Each has a reproducer in"
        " [tests/errors](../tests/errors).\n\n"
        "| code | status | what | remedy |\n| --- | --- | --- | --- |"
    )
    return "\n".join([head, *rows]) + "\n"


def modules_page() -> str:
    """One line a module, room by room, as each says itself."""
    rooms = sorted(p.parent for p in SOURCE.rglob("__init__.py") if p.parent != SOURCE)
    parts = [
        "# Modules\n",
        "Made from the docstrings by `make docs`. What each room is for, and where a number is",
        "made: [the house](architecture.md).\n",
    ]
    for room in rooms:
        files = sorted(p for p in room.glob("*.py") if p.name != "__init__.py")
        depth = len(room.relative_to(SOURCE).parts)
        parts.append(
            f"{'#' * (depth + 1)} {room.relative_to(SOURCE)}\n\n{_said(room / '__init__.py')}\n"
        )
        if files:
            rows = [f"| `{p.name}` | {_said(p)} |" for p in files]
            parts.append("\n".join(["| module | what it holds |", "| --- | --- |", *rows]) + "\n")
    return "\n".join(parts)


def _said(path: Path) -> str:
    """The first paragraph of a module's docstring, as one line."""
    doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(doc.partition("\n\n")[0].split()).replace("|", "\\|")


def schema_page() -> str:
    """The JSON Schema of the config."""
    from retcalc.config.schema import schema_text

    return schema_text()


DEFAULTS = '''"""What holds without a retcalc.yaml: every default of ``Config``, at no cost.

Building the checked model takes longer than answering a small file, so it is built only when
there is a file to check. Made from the model by ``make docs``; do not edit.
"""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from retcalc.config.model.config import Config


def default_config() -> Config:
    """Every key of a retcalc.yaml that says nothing, to be read like a ``Config``."""
    return cast("Config", _DEFAULTS)


'''


def defaults_module() -> str:
    """The defaults of the config as plain values."""
    from retcalc.config.model.config import Config

    return f"{DEFAULTS}_DEFAULTS = {_as_code(Config(), 0)}\n"


def _as_code(value: Any, depth: int) -> str:
    """Write one default as Python, a line a key, as ruff would."""
    from pydantic import BaseModel

    if isinstance(value, BaseModel):
        lines = (
            f"{' ' * 4 * (depth + 1)}{name}={_as_code(inner, depth + 1)},\n"
            for name, inner in vars(value).items()
        )
        return f"SimpleNamespace(\n{''.join(lines)}{' ' * 4 * depth})"
    if isinstance(value, Decimal):
        return f'Decimal("{value}")'
    return json.dumps(value) if isinstance(value, str) else repr(value)


PAGES = {
    "commands.md": commands_page,
    "metrics.md": metrics_page,
    "errors.md": errors_page,
    "modules.md": modules_page,
    "../configs/schema/config.schema.json": schema_page,
    "../configs/schema/result.schema.json": result_schema.schema_text,
    "../src/retcalc/config/model/defaults.py": defaults_module,
}


def main() -> int:
    """Write or check every page."""
    check, stale = "--check" in sys.argv, []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if check and (not path.exists() or path.read_text() != text):
            stale.append(name)
        if not check:
            path.write_text(text)
    if stale:
        sys.stderr.write(f"stale: {', '.join(stale)}; run make docs\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
