"""The house can be seen from its folders: few entries in each, short files."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import ROOT

HOUSE = ROOT / "src" / "retcalc"
FOLDERS = sorted(path.parent for path in HOUSE.rglob("__init__.py"))
MOST = 9


def entries(folder: Path) -> list[str]:
    """Modules and packages of a folder, without dunder files and data."""
    modules = (p.stem for p in folder.glob("*.py") if not p.name.startswith("__"))
    packages = (p.parent.name for p in folder.glob("*/__init__.py"))
    return sorted([*modules, *packages])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: str(f.relative_to(HOUSE)))
def test_no_folder_has_more_than_nine_entries(folder: Path) -> None:
    assert len(entries(folder)) <= MOST, entries(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: str(f.relative_to(HOUSE)))
def test_no_file_is_much_longer_than_three_hundred_lines(folder: Path) -> None:
    lengths = {p.name: len(p.read_text("utf-8").splitlines()) for p in folder.glob("*.py")}
    assert {name: n for name, n in lengths.items() if n > 360} == {}
