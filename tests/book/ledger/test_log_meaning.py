"""What the amounts of a log mean, by the words beside them; by hand."""

from __future__ import annotations

from pathlib import Path

from book.command import answer, closings


def test_levels_beside_kinds_are_no_changes(tmp_path: Path) -> None:
    text = (
        "account,month,mrr,movement_type\nA,2026-01,100,new\nB,2026-01,40,new\n"
        "A,2026-02,100,no_change\nB,2026-02,60,expansion\nA,2026-03,0,churned\n"
        "B,2026-03,60,no_change\n"
    )
    done = answer(tmp_path, text)
    assert closings(done) == ["140.00", "160.00", "60.00"]
    assert "mrr is read as the MRR in force, not as changes" in done.stderr


def test_words_of_vendors_lower_and_unknown_kinds_are_refused(tmp_path: Path) -> None:
    text = (
        "date,customer,movement_type,amount\n2026-01-05,A,new,100\n2026-01-09,B,new,200\n"
        "2026-02-03,A,churn_delinquent,100\n2026-02-10,B,contraction,50\n2026-02-28,C,new,10\n"
    )
    assert closings(answer(tmp_path, text)) == ["300.00", "160.00"]
    done = answer(tmp_path, text.replace("contraction", "promo"))
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC254" in done.stderr
    assert "promo" in done.stderr
