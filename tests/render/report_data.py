"""Reports over small data, made through the real command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from helpers import run
from retcalc.cli.output.demo_data import demo_files

HOSTILE_NAMES = (
    "=1+1",
    '=HYPERLINK("http://x.example")',
    "<script>alert(1)</script>",
    "</style><script>alert(2)</script>",
    "[bold]x[/bold]",
    "\x1b[31mred",
    "http://example.com/",
    "{{7*7}} ${7*7} {% raw %}",
    "\u202egnp.exe",
    "\ufffe\uffff",
    "@SUM(A1)",
    "'; DROP TABLE x; --",
    "x" * 40_000,
    "a\u0301 👩‍👩‍👧‍👦 名前",
    "::error::x",
)
FORMATS = ("html", "xlsx", "md", "json")


def demo(folder: Path) -> Path:
    """The demo's files in a folder."""
    for name, text in demo_files().items():
        (folder / name).write_text(text)
    return folder


def hostile(folder: Path) -> Path:
    """Accounts and segments with hostile names, over three months."""
    quoted = ['"' + name.replace('"', '""') + '"' for name in HOSTILE_NAMES]
    rows = ["account,month,mrr,plan"]
    for number, name in enumerate(quoted, 1):
        plan = quoted[(2, 3, 8, 9, 12)[number % 5]]
        rows += [
            f"{name},2026-{month:02d},{100 * (20 - number) + month}.25,{plan}"
            for month in (1, 2, 3)
        ]
    rows.append('gone,2026-01,50.00,"<script>alert(1)</script>"')
    (folder / "mrr.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def written(folder: Path, *options: str) -> dict[str, bytes]:
    """A report on mrr.csv in every format."""
    outputs = [word for form in FORMATS for word in ("-o", f"close.{form}")]
    done = run("report", "mrr.csv", *options, *outputs, "--quiet", cwd=folder)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    return {form: (folder / f"close.{form}").read_bytes() for form in FORMATS}


def document(files: dict[str, bytes]) -> Any:
    """The JSON of a report."""
    return json.loads(files["json"])
