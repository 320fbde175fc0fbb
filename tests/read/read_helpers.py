"""What the tests of the reading room share."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from retcalc.core.findings import Finding, RetcalcError
from retcalc.read import FILE, LINE, ReadPlan, ReadRules, Table, read_table

NEEDED = {"id", "mrr"}


def accepts(header: Sequence[str]) -> bool:
    return set(header) >= NEEDED


def write(folder: Path, content: str | bytes, name: str = "data.csv") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def read(*paths: str, **rules: object) -> tuple[Table, tuple[Finding, ...]]:
    return read_table(paths, ReadRules(**rules), lambda header: ReadPlan(fits=accepts(header)))


def rows(table: Table) -> list[tuple[object, ...]]:
    return table.frame.drop(FILE, LINE).rows()


def lines(table: Table) -> list[int]:
    return table.frame[LINE].to_list()


def codes(notes: Sequence[Finding]) -> list[str]:
    return [note.code for note in notes]


def refusal(*paths: str, **rules: object) -> tuple[Finding, ...]:
    """Read files that must be refused, and give the findings."""
    with pytest.raises(RetcalcError) as caught:
        read(*paths, **rules)
    assert all(finding.is_error for finding in caught.value.findings)
    return caught.value.findings


def places(findings: Sequence[Finding]) -> list[tuple[str, int | None]]:
    return [(finding.code, spot.line) for finding in findings for spot in finding.spots]
