"""A segment more than fits the code of a transition is refused, never read as another."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import run
from retcalc.book.panel import segments


def test_one_more_than_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"a{i},2024-0{m},10,p{i}\n" for i in range(4) for m in (1, 2))
    (tmp_path / "mrr.csv").write_text("account,month,mrr,plan\n" + rows)
    monkeypatch.setattr(segments, "MOST_SEGMENTS", 4)
    assert run("nrr", "mrr.csv", "--by", "plan", cwd=tmp_path).exit_code == 0
    monkeypatch.setattr(segments, "MOST_SEGMENTS", 3)
    done = run("nrr", "mrr.csv", "--by", "plan", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC257: there are more than 3 segments" in done.stderr
    assert "plan has 4 values" in done.stderr
