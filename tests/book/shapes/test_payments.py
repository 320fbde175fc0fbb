"""Payments count in the month they were made."""

from __future__ import annotations

from pathlib import Path

from book.command import answer, closings
from helpers import run


def test_payments_are_offered_their_month(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(
        "customer_id,payment_date,amount\nA,2024-01-05,100\nA,2024-02-28,100\nB,2024-01-09,5\n"
    )
    refused = run("nrr", "p.csv", cwd=tmp_path)
    assert "--shape payments" in refused.stderr
    done = run("movements", "p.csv", "--shape", "payments", "-f", "csv", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr


def test_payments_count_in_their_month(tmp_path: Path) -> None:
    text = (
        "customer_id,payment_date,amount\nA,2024-01-05,100\nA,2024-01-20,20\nB,2024-01-09,5\n"
        "A,2024-02-03,100\n"
    )
    done = answer(tmp_path, text, "--shape", "payments", "--as-of", "2024-02")
    assert closings(done) == ["125.00", "100.00"]
    assert "note RC868" in done.stderr
