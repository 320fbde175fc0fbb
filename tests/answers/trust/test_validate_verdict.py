"""validate says what was read, what was not, what does not count, and ends in one verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers import run

# Of 42.00, 20.00 is a trial; two columns look as if they mattered and play no part.
PANEL = """account,month,mrr,seats,discount_pct,status
a,2024-01,10,1,0,active
b,2024-01,20,1,0,trial
a,2024-02,12,2,0,active
"""
CLEAN = "account,month,mrr\na,2024-01,10\na,2024-02,12\n"


def last_line(folder: Path, text: str, *args: str, status: int = 0) -> str:
    (folder / "d.csv").write_text(text)
    done = run("validate", "d.csv", *args, cwd=folder)
    assert done.exit_code == status, done.stderr
    return done.stdout.rstrip("\n").rpartition("\n")[2]


@pytest.mark.parametrize("args", [(), ("--quiet",), ("-f", "md")], ids=["screen", "quiet", "md"])
def test_it_ends_in_one_verdict(tmp_path: Path, args: tuple[str, ...]) -> None:
    assert last_line(tmp_path, CLEAN, *args) == "Verdict: can be read; nothing to note"
    expected = "Verdict: can be read; 2 notes, 1 row does not count"
    assert last_line(tmp_path, PANEL, *args) == expected
    broken = PANEL.replace("2024-02,12", "2024-02,x")
    expected = "Verdict: cannot be read; 1 error, 1 note"
    assert last_line(tmp_path, broken, *args, status=3) == expected
    expected = "Verdict: cannot be read; 2 errors, 1 row does not count"
    assert last_line(tmp_path, PANEL, *args, "--strict", status=3) == expected


def test_it_says_what_was_read_and_what_was_not(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(PANEL)
    document = run("validate", "d.csv", "-f", "json", cwd=tmp_path).json
    found = {row["code"]: row["finding"] for row in document["rows"]}
    assert found["RC866"] == "not read: seats, discount_pct"
    assert found["RC815"].endswith("1 row of 1 account (50%), 20.00 of 42.00 (47.6%)")
    notes = {note["code"]: note["message"] for note in document["notes"]}
    expected = "read as long: customer = account, month = month, mrr = mrr, status = status"
    assert notes["RC891"] == expected
    assert document["verdict"] == "Verdict: can be read; 2 notes, 1 row does not count"


def test_it_says_so_of_a_file_that_cannot_be_read_too(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(PANEL.replace("2024-02,12", "2024-02,x"))
    done = run("validate", "d.csv", "-f", "json", cwd=tmp_path)
    document = json.loads(done.stdout)
    found = {row["code"]: row["severity"] for row in document["rows"]}
    assert found == {"RC214": "error", "RC866": "note"}
    assert "RC891" in [note["code"] for note in document["notes"]]


def test_a_header_in_doubt_is_the_verdict(tmp_path: Path) -> None:
    text = "who,when,what\na,2024-01,10\n"
    expected = "Verdict: cannot be read; 3 errors"
    assert last_line(tmp_path, text, status=3) == expected
