"""Ask the same question in many environments; every format must be one string of bytes.

Threads 1, 2 and 16, time zones, locales and hash seeds, each run a process of its own. Asked are a
panel and dated rows that overlap, with credits and plans that change.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import sys
from pathlib import Path

from dated import busy_terms, cells
from harness import arguments, clean_panel, csv_lines, finish, process, scratch

THREADS = ("1", "2", "16")
ZONES = ("UTC", "America/Los_Angeles", "Pacific/Kiritimati")
LOCALES = ("C", "de_DE.UTF-8")
COMMANDS = (("cohort",), ("nrr", "--by", "plan"), ("movements",), ("survival",))
COMMANDS += (("concentration", "--lorenz"),)
DATED = ("--allow-negative", "--period-end", "exclusive")
OF_DATED = (("movements", "--by", "plan", *DATED), ("survival", *DATED))
LINES = {"panel.csv": COMMANDS, "dated.csv": OF_DATED}


def environments(runs: int) -> list[dict[str, str]]:
    """Give one environment a run: all combinations in turn, each with a hash seed of its own."""
    combinations = list(itertools.product(THREADS, ZONES, LOCALES))
    random.Random(0).shuffle(combinations)
    names = ("POLARS_MAX_THREADS", "TZ", "LANG")
    return [
        {
            **dict(zip(names, combinations[run % len(combinations)], strict=True)),
            "LC_ALL": combinations[run % len(combinations)][2],
            "PYTHONHASHSEED": str(run * 7919 % 2**32),
            "PYTHONUTF8": "1",
            "COLUMNS": "100",
        }
        for run in range(runs)
    ]


def panel(accounts: int) -> str:
    """Make a panel wide enough for threads to share, with a segment column."""
    rng = random.Random(42)
    rows = clean_panel(rng, min(accounts, 900), 24)
    plans = {row[0]: rng.choice(("Basic", "Pro", "Enterprise")) for row in rows}
    lines = csv_lines([[*row, plans[row[0]]] for row in rows], "account_id,month,mrr,plan")
    return "\n".join(lines) + "\n"


def dated_rows(accounts: int) -> str:
    """Make dated rows wide enough for threads to share."""
    rows = busy_terms(random.Random(42), min(accounts, 900))
    header = "account_id,start_date,end_date,mrr,plan"
    return "\n".join(csv_lines([cells(term) for term in rows], header)) + "\n"


def main() -> int:
    """Run every command in every environment and compare."""
    from retcalc.cli.output.writers import WRITERS

    options = arguments(__doc__, runs=30, accounts=600, commands=len(COMMANDS + OF_DATED))
    endings = sorted(WRITERS)
    seen: dict[tuple[str, str], dict[str, str]] = {}
    failures: list[str] = []
    tried = 0
    with scratch() as name:
        folder = Path(name)
        (folder / "panel.csv").write_text(panel(options.accounts), "utf-8")
        (folder / "dated.csv").write_text(dated_rows(options.accounts), "utf-8")
        outputs = [word for ending in endings for word in ("-o", f"out{ending}")]
        asked = [(file, *line) for file, lines in LINES.items() for line in lines]
        for command in asked[: options.commands]:
            for env in environments(options.runs):
                line = [*command[1:], command[0], *outputs, "-f", "table"]
                done = process(*line, env=env, cwd=folder)
                tried += 1
                if fault := done.fault({0}):
                    failures.append(f"{' '.join(line)} {env}: {fault}")
                    continue
                answers = {"table": done.out, "notes": done.err}
                answers |= {ending: (folder / f"out{ending}").read_bytes() for ending in endings}
                for form, content in answers.items():
                    digest = hashlib.sha256(content).hexdigest()[:16]
                    seen.setdefault((" ".join(command[:2]), form), {}).setdefault(digest, str(env))
    failures += [
        f"{command} as {form} has {len(forms)} forms: {forms}"
        for (command, form), forms in seen.items()
        if len(forms) > 1
    ]
    return finish(tried, failures, formats=["table", "notes", *endings])


if __name__ == "__main__":
    sys.exit(main())
