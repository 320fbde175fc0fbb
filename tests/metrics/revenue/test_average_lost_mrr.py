"""b 60 and c 40 left: 100 over 2 accounts are 50."""

from __future__ import annotations

import json
from pathlib import Path

from helpers import run

PANEL = """account,month,mrr
a,2024-01,100
b,2024-01,60
c,2024-01,40
a,2024-02,130
d,2024-02,25
"""


def test_by_hand(tmp_path: Path) -> None:
    (tmp_path / "mrr.csv").write_text(PANEL)
    done = run("summary", "mrr.csv", "-f", "json", cwd=tmp_path)
    assert json.loads(done.stdout)["rows"][-1]["average_lost_mrr"] == "50.00"


def test_it_is_explained_and_judged(tmp_path: Path) -> None:
    (tmp_path / "mrr.csv").write_text(PANEL)
    explained = run("explain", "average_lost_mrr", "mrr.csv", "-f", "json", cwd=tmp_path)
    assert explained.exit_code == 0, explained.stderr
    (tmp_path / "retcalc.yaml").write_text(
        "checks: [{metric: average_lost_mrr, equals: '50.00'}]\n"
    )
    judged = run("check", "mrr.csv", "-f", "json", cwd=tmp_path)
    assert [r["status"] for r in json.loads(judged.stdout)["rows"]] == ["ok"], judged.stderr
