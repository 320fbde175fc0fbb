"""Grace: the same answers as an export in which short gaps are closed by hand."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from helpers import run

HEADER = "account,start_date,end_date,mrr\n"
# a comes back after 20 days at 120, b after 51 days at 40
GAPS = (
    HEADER
    + """a,2025-01-01,2025-04-20,100
a,2025-05-10,2026-04-01,120
b,2025-01-01,2025-04-20,50
b,2025-06-10,,40
c,2025-01-01,,10
d,2025-09-30,,10
"""
)
Term = tuple[str, date, date | None, int]


def ask(folder: Path, text: str, command: str, *args: str) -> str:
    (folder / "subs.csv").write_text(text)
    done = run(command, "subs.csv", "--period-end", "exclusive", *args, cwd=folder)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def test_a_late_renewal_is_no_churn_and_return(tmp_path: Path) -> None:
    """April closes with a at its old 100; May brings the 20 more that it renewed at."""
    lines = ask(tmp_path, GAPS, "movements", "--grace", "30d", "-f", "csv", "--quiet").splitlines()
    names = lines[0].split(",")
    months = {row[0]: dict(zip(names, row, strict=True)) for row in (x.split(",") for x in lines)}
    april, may = months["2025-04"], months["2025-05"]
    assert (april["churn_mrr"], april["closing_mrr"]) == ("50.00", "110.00")
    assert (may["reactivation_mrr"], may["expansion_mrr"]) == ("0.00", "20.00")


def test_no_grace_is_the_answer_without_the_option(tmp_path: Path) -> None:
    for command in ("movements", "survival"):
        assert ask(tmp_path, GAPS, command, "-f", "json") == ask(
            tmp_path, GAPS, command, "-f", "json", "--grace", "0d"
        )


def test_the_config_and_the_option_say_the_same(tmp_path: Path) -> None:
    option = ask(tmp_path, GAPS, "movements", "-f", "csv", "--grace", "30")
    (tmp_path / "retcalc.yaml").write_text("renewal: {grace: 30d}\n")
    assert ask(tmp_path, GAPS, "movements", "-f", "csv") == option


def test_a_term_is_due_where_it_ended_whatever_the_grace(tmp_path: Path) -> None:
    assert ask(tmp_path, GAPS, "renewals", "-f", "csv") == ask(
        tmp_path, GAPS, "renewals", "-f", "csv", "--grace", "30d"
    )


def test_months_tell_no_gap_of_days(tmp_path: Path) -> None:
    text = "account,month,mrr\na,2025-01,10\na,2025-02,10\n"
    (tmp_path / "mrr.csv").write_text(text)
    done = run("nrr", "mrr.csv", "--grace", "30d", cwd=tmp_path)
    assert done.exit_code == 0
    assert "a grace of 30 days cannot act: rows have no days" in done.stdout


def test_a_locked_month_holds_under_its_grace(tmp_path: Path) -> None:
    (tmp_path / "subs.csv").write_text(GAPS)
    grace = ("--period-end", "exclusive", "--grace", "30d")
    locked = run("close", "lock", "2025-04", "subs.csv", *grace, cwd=tmp_path)
    assert locked.exit_code == 0, locked.stderr
    assert run("close", "verify", "subs.csv", *grace, cwd=tmp_path).exit_code == 0
    assert run("close", "verify", "subs.csv", *grace[:2], cwd=tmp_path).exit_code == 1


def random_terms(rng: random.Random) -> list[Term]:
    rows: list[Term] = []
    for number in range(rng.randint(2, 8)):
        day = date(2024, 1, 1) + timedelta(rng.randrange(60))
        for _ in range(rng.randint(1, 5)):
            end = day + timedelta(rng.choice([10, 31, 90, 200]))
            rows.append((f"a{number}", day, end, rng.choice([10, 20])))
            day = end + timedelta(rng.choice([-40, 0, 0, 1, 29, 30, 31, 80]))
    rows.append(("always", date(2024, 1, 1), None, 5))
    rows.append(("last", date(2025, 12, 31), None, 5))
    return list({(r[0], r[1]): r for r in rows}.values())


def closed_by_hand(rows: list[Term], grace: int) -> list[Term]:
    """The same terms; one after which nothing of its account runs goes on to the next start."""
    found = []
    for account, start, end, amount in rows:
        others = [r for r in rows if r[0] == account]
        covered = any(s <= (end or s) and (e is None or e > (end or e)) for _, s, e, _ in others)
        if end is not None and not covered:
            after = [s for _, s, _, _ in others if 0 < (s - end).days <= grace]
            found.append((account, start, min(after, default=end), amount))
        else:
            found.append((account, start, end, amount))
    return found


def text_of(rows: list[Term]) -> str:
    return HEADER + "".join(f"{a},{s},{e or ''},{m}\n" for a, s, e, m in rows)


@pytest.mark.parametrize("seed", range(25))
def test_it_is_the_export_with_its_gaps_closed(tmp_path: Path, seed: int) -> None:
    rows = random_terms(random.Random(seed))
    for command in ("movements", "survival", "cohort", "retention"):
        args = (command, "--as-of", "2025-12", "-f", "csv", "--quiet")
        bridged = ask(tmp_path, text_of(rows), *args, "--grace", "30d")
        assert bridged == ask(tmp_path, text_of(closed_by_hand(rows, 30)), *args), command
