"""25 new and 30 expansion, 100 churned: 25 + 30 - 100 = -45."""

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
    assert json.loads(done.stdout)["rows"][-1]["net_new_mrr"] == "-45.00"


def test_it_is_explained_and_judged(tmp_path: Path) -> None:
    (tmp_path / "mrr.csv").write_text(PANEL)
    explained = run("explain", "net_new_mrr", "mrr.csv", "-f", "json", cwd=tmp_path)
    assert explained.exit_code == 0, explained.stderr
    (tmp_path / "retcalc.yaml").write_text("checks: [{metric: net_new_mrr, equals: '-45.00'}]\n")
    judged = run("check", "mrr.csv", "-f", "json", cwd=tmp_path)
    assert [r["status"] for r in json.loads(judged.stdout)["rows"]] == ["ok"], judged.stderr
