"""No metric is forgotten: each over a bridge is shown, explained, judged and a live cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers import run
from retcalc.answers.gates.check import judged
from retcalc.metrics import bridge_metrics

PANEL = "account,month,mrr\na,2024-01,100\nb,2024-01,60\na,2024-02,130\nc,2024-02,5\n"
ANNUALISED = "annualised_logo_churn"  # a power of a rate, no quotient of cells


@pytest.mark.parametrize("name", sorted(bridge_metrics()))
def test_every_metric_over_a_bridge(tmp_path: Path, name: str) -> None:
    (tmp_path / "mrr.csv").write_text(PANEL)
    summary = json.loads(run("summary", "mrr.csv", "-f", "json", cwd=tmp_path).stdout)
    assert name in summary["rows"][-1]
    assert run("explain", name, "mrr.csv", cwd=tmp_path).exit_code == 0
    assert name in judged()
    described = bridge_metrics()[name].column().made_of
    assert (described is not None) == (name != ANNUALISED)
    told = run("metrics", name, cwd=tmp_path).stdout
    assert f"{name}.py" in told
