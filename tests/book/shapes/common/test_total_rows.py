"""Total rows: left out when told so, and compared with the rows above them; by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from book.books import book, codes, mrr_of
from book.command import answer, closings, write_lines
from helpers import run
from retcalc.core.findings import RetcalcError


@pytest.mark.parametrize(
    ("total", "code"),
    [
        ("Total,2024-01,3|Total,2024-02,4", None),
        ("Total,2024-01,3.00|Total,2024-02,4.0", None),
        ("Total,2024-02,4", None),  # of one month only
        ("Total,2024-01,3|Total,2024-02,4.02", "RC238"),
        ("Total,2024-01,2.98", "RC238"),
        ("Total,2024-01,1|Total,2024-01,2", None),  # several are of parts
        ("Total,2024-01,1|Subtotal,2024-02,2", None),
        ("Total,2024-01,n/a", None),  # no amount to compare
        ("Total,2024-01,", None),  # nor here
    ],
)
def test_printed_totals(tmp_path, total, code):
    text = f"account,month,mrr|a,2024-01,1|b,2024-01,2|a,2024-02,4|{total}".replace("|", "\n")
    if code is None:
        made = book(tmp_path, text, drop_total_rows=True)
        assert "RC837" in codes(made)
        assert mrr_of(made) == {"a": {"2024-01": 1, "2024-02": 4}, "b": {"2024-01": 2}}
        return
    with pytest.raises(RetcalcError) as error:
        book(tmp_path, text, drop_total_rows=True)
    (told,) = error.value.findings
    sums = ("2024-02", "4.00", "4.02") if "4.02" in total else ("2024-01", "3.00", "2.98")
    assert told.value == "in {} the rows add up to {}, the total row says {}".format(*sums)
    assert (told.code, told.spots[0].line) == (code, 5)
    assert told.fix is not None
    assert told.fix.startswith("delete the total row from the export where it is wrong")


def test_a_total_of_fewer_decimals_is_compared_exactly(tmp_path):
    rows = ["a,2024-01,10.125", "b,2024-01,19.875", "c,2024-01,1.5"]
    write_lines(tmp_path, "account,month,mrr", *rows, "Total,2024-01,31.50")
    done = run("movements", "data.csv", "--drop-total-rows", "-f", "json", cwd=tmp_path)
    assert done.json["rows"][-1]["closing_mrr"] == "31.50"
    write_lines(tmp_path, "account,month,mrr", *rows, "Total,2024-01,31.51")
    assert "RC238" in run("movements", "data.csv", "--drop-total-rows", cwd=tmp_path).stderr


def test_totals_of_groups_are_no_accounts(tmp_path: Path) -> None:
    text = (
        "Customer,Plan,Jan 24,Feb 24\nA,Pro,10,20\nPro Total,,10,20\nB,Basic,5,5\n"
        "Basic Total,,5,5\nTotal MRR,,15,25\n"
    )
    (tmp_path / "w.csv").write_text(text)
    refused = run("nrr", "w.csv", cwd=tmp_path)
    assert refused.exit_code == 3
    assert "--drop-total-rows" in refused.stderr
    done = run("movements", "w.csv", "--drop-total-rows", "-f", "csv", cwd=tmp_path)
    assert [row.split(",")[7] for row in done.stdout.splitlines()[1:]] == ["15.00", "25.00"]
    one = text.replace("Pro Total,,10,20\n", "").replace("Basic Total,,5,5\nTotal MRR,,15,25\n", "")
    (tmp_path / "one.csv").write_text(one.replace("A,", "Acme Total,"))
    assert run("nrr", "one.csv", cwd=tmp_path).exit_code == 0


def test_a_total_within_the_rounding_of_its_cells(tmp_path: Path) -> None:
    text = "Customer,Jan 2026,Feb 2026\nA,33.33,33.33\nB,33.33,33.33\nC,33.33,33.33\n"
    done = answer(tmp_path, text + "Total,100.00,100.00\n", "--drop-total-rows")
    assert closings(done) == ["99.99", "99.99"]
    wrong = answer(tmp_path, text + "Total,100.00,101.00\n", "--drop-total-rows")
    assert "in 2026-02 the rows add up to 99.99, the total row says 101.00" in wrong.stderr
