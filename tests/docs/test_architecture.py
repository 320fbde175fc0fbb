"""What docs/architecture.md and docs/glossary.md point at is there."""

from __future__ import annotations

import re
from pathlib import Path

from retcalc.metrics import bridge_metrics

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "retcalc"
MADE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
MADE = MADE.partition("where is it made?")[2].partition("\n## ")[0]


def paths() -> list[str]:
    """Every path of the table; a file name alone stands in the folder of the path before it."""
    found: list[str] = []
    for line in MADE.splitlines():
        if line.startswith("| ") and "`" in line:
            folder = ""
            for path in re.findall(r"`([\w/]+(?:/|\.py))`", line):
                found.append(path if "/" in path else f"{folder}/{path}")
                folder = found[-1].rpartition("/")[0]
    return found


def test_every_path_where_a_number_is_made_exists() -> None:
    assert len(paths()) > 20
    assert [path for path in paths() if not (SOURCE / path).exists()] == []


def test_every_metric_over_a_bridge_stands_in_the_table() -> None:
    """By its folder: a new one needs no line."""
    places = {p.rstrip("/") for p in paths() if p.startswith("metrics/")}
    files = {file.stem: file for file in (SOURCE / "metrics").rglob("*.py")}
    folders = [files[name].parent.relative_to(SOURCE).as_posix() for name in bridge_metrics()]
    assert [f for f in folders if not any(f.startswith(place) for place in places)] == []


def test_the_glossary_says_each_term_once() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")][2:]
    terms = [term for row in rows for term in row[0].removeprefix("| ").split(", ")]
    assert len(terms) >= 40
    assert len(terms) == len(set(terms))
    said = {words(term) for term in terms}
    assert [m.label for m in bridge_metrics().values() if words(m.label) not in said] == []


def words(term: str) -> frozenset[str]:
    return frozenset(term.casefold().replace(",", "").split())
