"""Every source of a run is opened once, however many questions are asked of it.

The runs are real ones in a process of their own, in which the interpreter itself reports every
file that is opened.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

MRR = """\
account,month,mrr,plan
a,2024-01,100.00,Pro
b,2024-01,50.00,Team
c,2024-01,20.00,Team
a,2024-02,120.00,Pro
b,2024-02,40.00,Team
c,2024-02,20.00,Team
a,2024-03,120.00,Pro
b,2024-03,40.00,Pro
a,2024-04,110.00,Pro
b,2024-04,45.00,Pro
"""
CUSTOMERS = "account,channel\na,paid\nb,organic\nc,paid\n"
RULES = """\
sources: {customers: customers.csv}
checks:
  - {metric: nrr, window: 3m, min: 9}
  - {metric: grr, window: 1m, by: [plan], min: 2}
  - {metric: logo_churn, window: 2m, where: {channel: [paid]}, max: 0}
  - {metric: closing_mrr, by: [plan, channel], max_drop: 1}
  - {metric: nrr, month: 2024-03, window: 1m, where: {plan: [Team]}, min: 2}
targets:
  grr: {to: 0.99, where: {channel: [organic]}}
"""
COUNTED = """\
import sys
def tell(event, args):
    if event == "open" and str(args[0]).endswith(("mrr.csv", "customers.csv")):
        sys.__stderr__.write("opened " + args[0] + "\\n")
sys.addaudithook(tell)
sys.argv = ["retcalc", *sys.argv[1:]]
from retcalc.cli.start import start
start()
"""


def opened(folder: Path, *command: str) -> Counter[str]:
    """How often a run opens each file."""
    code = [sys.executable, "-c", COUNTED, *command]
    done = subprocess.run(code, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    lines = done.stderr.splitlines()
    return Counter(line.split()[1] for line in lines if line.startswith("opened "))


@pytest.fixture
def folder(tmp_path):
    for name, text in (("mrr.csv", MRR), ("customers.csv", CUSTOMERS), ("retcalc.yaml", RULES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        "nrr mrr.csv --window 3m",
        "check mrr.csv",
        "compare nrr mrr.csv --window 3m",
        "report mrr.csv --window 3m -o report.json",
        "report mrr.csv --window 3m --by plan -o report.json",
        "explain nrr mrr.csv --window 3m",
        "explain nrr mrr.csv --account a",
        "validate mrr.csv",
    ],
)
def test_every_source_is_opened_once(folder, command):
    counts = {Path(name).name: count for name, count in opened(folder, *command.split()).items()}
    assert counts == {"mrr.csv": 1, "customers.csv": 1}


def test_a_close_opens_every_source_once(folder):
    for command in ("lock 2024-02", "lock 2024-03", "verify", "diff"):
        found = opened(folder, "close", *command.split(), "mrr.csv")
        assert {Path(name).name: n for name, n in found.items()} == {
            "mrr.csv": 1,
            "customers.csv": 1,
        }, command
