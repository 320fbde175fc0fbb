"""Every command line of the README, the docs and the help runs, in a folder with small files."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from helpers import ROOT, run
from retcalc.cli.app import leaves

PAGES = ["README.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
ELSEWHERE = {"benchmarks.md", "reliability.md", "commands.md", "errors.md"}  # no examples to type
MONTHS = [f"{y}-{m:02}" for y in (2025, 2026) for m in range(1, 13)][:22]
FILES = {
    "mrr.csv": "account_id,month,mrr,plan\n"
    + "".join(
        f"a{i},{month},{100 + 10 * i},{'Pro' if i % 2 else 'Basic'}\n"
        for i in range(12)
        for month in MONTHS[i % 3 : len(MONTHS) - (i if i > 8 else 0)]
    ),
    "subs.csv": "account_id,start_date,end_date,mrr,plan\n"
    + "".join(f"a{i},2025-0{1 + i % 9}-01,2026-0{1 + i % 9}-01,{100 + i},Pro\n" for i in range(12))
    + "".join(f"a{i},2026-0{1 + i % 9}-01,2027-0{1 + i % 9}-01,{110 + i},Pro\n" for i in range(9)),
    "spend.csv": "month,spend\n" + "".join(f"{month},1000\n" for month in MONTHS),
    "customers.csv": "account_id,segment\n" + "".join(f"a{i},SMB\n" for i in range(12)),
    "churned.csv": "account_id,date,reason\na11,2026-01-10,payment failed\n",
    "retcalc.yaml": "checks: [{metric: nrr, min: 0.1}]\nclv: {gross_margin: 0.8}\n",
}


def lines() -> list[str]:
    """The command lines of all pages that can be typed as they stand."""
    found = []
    for page in PAGES:
        if Path(page).name in ELSEWHERE:
            continue
        text = (ROOT / page).read_text("utf-8")
        for block in re.findall(r"```(?:sh|bash|console)?\n(.*?)```", text, re.DOTALL):
            found += [
                line.partition("  #")[0].strip()
                for line in block.splitlines()
                if line.startswith("retcalc ")
            ]
    return found


def examples() -> list[str]:
    return [str(command.epilog) for _, command in leaves() if command.epilog]


@pytest.mark.parametrize("line", dict.fromkeys([*lines(), *examples()]))
def test_it_runs(tmp_path: Path, line: str) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    words = shlex.split(line)[1:]
    if words[0] == "init":
        (tmp_path / "retcalc.yaml").unlink()
    if words[:2] in (["close", "verify"], ["close", "diff"]):
        run("close", "lock", "2026-09", "mrr.csv", cwd=tmp_path)
    done = run(*words, cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
