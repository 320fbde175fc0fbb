"""The catalogue is bound to the code and the tests: no code without a user, none without a case."""

import re
from dataclasses import replace

import pytest

from helpers import ROOT, run
from retcalc.core.error_codes import CATALOGUE
from retcalc.kernels.bridge import Bridge

PANEL = "account,month,mrr\na,2024-01,10\na,2024-02,12\n"


def mentioned(folder):
    files = (p for p in (ROOT / folder).rglob("*.py") if p.name != "catalogue.py")
    found = (set(re.findall(r"RC\d{3}", p.read_text(encoding="utf-8"))) for p in files)
    return set().union(*found)


def test_every_code_is_used_and_every_used_code_is_listed():
    assert mentioned("src") - {"RC100"} == set(CATALOGUE) - {"RC100"}


def test_every_code_has_a_test():
    assert set(CATALOGUE) - mentioned("tests") == set()


def test_expected_total_must_be_a_number(tmp_path):
    (tmp_path / "d.csv").write_text(PANEL)
    done = run("nrr", "d.csv", "--expect-total", "many", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC175: " in done.stderr


@pytest.mark.parametrize("gap", [(), ("-c", "gap.yaml")])
def test_a_roll_forward_that_does_not_close_ends_with_seventy(tmp_path, monkeypatch, gap):
    """RC701: the program checks itself before it prints, whichever way it computes."""
    from retcalc.answers.base import sums

    real = sums.bridges

    def broken(*args, **kwargs):
        return {
            k: replace(b, closing_mrr=b.closing_mrr + 1) for k, b in real(*args, **kwargs).items()
        }

    monkeypatch.setattr(sums, "bridges", broken)
    (tmp_path / "d.csv").write_text(PANEL)
    (tmp_path / "gap.yaml").write_text("definition: back-soon.yaml\n")
    (tmp_path / "back-soon.yaml").write_text("reactivation_gap: 3\n")
    done = run("nrr", "d.csv", *gap, cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (70, "")
    assert "error RC701: " in done.stderr
    assert Bridge(closing_mrr=1).unreconciled_mrr == -1


@pytest.mark.parametrize("gap", [(), ("-c", "gap.yaml")])
def test_a_month_that_does_not_open_where_the_last_closed_ends_with_seventy(
    tmp_path, monkeypatch, gap
):
    from retcalc.answers.base import sums

    real = sums.bridges

    def broken(*args, **kwargs):
        found = real(*args, **kwargs)
        place = max(p for p in found if p[0] == min(found)[0])
        shifted = replace(
            found[place],
            opening_mrr=found[place].opening_mrr + 1,
            closing_mrr=found[place].closing_mrr + 1,
        )
        return {**found, place: shifted}

    monkeypatch.setattr(sums, "bridges", broken)
    (tmp_path / "d.csv").write_text(PANEL)
    (tmp_path / "gap.yaml").write_text("definition: back-soon.yaml\n")
    (tmp_path / "back-soon.yaml").write_text("reactivation_gap: 3\n")
    done = run("movements", "d.csv", *gap, cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (70, "")
    assert "RC701" in done.stderr


def test_a_snapshot_without_dates_says_so(tmp_path):
    """RC826, and RC829: no revenue."""
    (tmp_path / "d.csv").write_text("customerID,tenure,Churn\na,5,No\nb,3,Yes\n")
    notes = [n["code"] for n in run("retention", "d.csv", "-f", "json", cwd=tmp_path).json["notes"]]
    assert {"RC826", "RC829"} <= set(notes)


def test_an_empty_currency_among_several_is_refused(tmp_path):
    text = "account,month,mrr,currency\na,2024-01,1,USD\nb,2024-01,1,EUR\nc,2024-01,1,\n"
    (tmp_path / "d.csv").write_text(text)
    (tmp_path / "r.csv").write_text("month,currency,rate\n2024-01,EUR,1.1\n")
    (tmp_path / "retcalc.yaml").write_text("currency: {report: USD}\n")
    done = run("nrr", "d.csv", "--fx", "r.csv", cwd=tmp_path)
    assert done.exit_code == 3
    assert "error RC230: " in done.stderr
    assert 'line 4, column 4 "currency"' in done.stderr


def test_conversion_that_needs_rounding_is_noted(tmp_path):
    """RC828 and RC899: a rate with many decimals."""
    (tmp_path / "d.csv").write_text(
        "account,month,mrr,currency\na,2024-01,1,USD\nb,2024-01,1.01,EUR\n"
    )
    (tmp_path / "r.csv").write_text("month,currency,rate\n2024-01,EUR,1.12345678\n")
    (tmp_path / "retcalc.yaml").write_text("currency: {report: USD}\n")
    notes = run("nrr", "d.csv", "--fx", "r.csv", "-f", "json", cwd=tmp_path).json["notes"]
    assert {"RC828", "RC899"} <= {n["code"] for n in notes}


def test_memory_that_runs_out_while_reading_is_told(tmp_path, monkeypatch):
    """RC411, by an open that cannot get its memory."""
    import builtins

    (tmp_path / "d.csv").write_text(PANEL)
    real = builtins.open

    def poor(path, *args, **kwargs):
        if str(path).endswith("d.csv"):
            raise MemoryError
        return real(path, *args, **kwargs)

    monkeypatch.setattr(builtins, "open", poor)
    done = run("nrr", "d.csv", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "error RC411: " in done.stderr


def test_more_files_than_can_be_told_apart(tmp_path, monkeypatch):
    """RC409, with the bound brought down."""
    from retcalc.read.files import paths

    monkeypatch.setattr(paths, "MOST_FILES", 1)
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(PANEL)
    done = run("nrr", "a.csv", "b.csv", cwd=tmp_path)
    assert done.exit_code == 4
    assert "error RC409: " in done.stderr


def test_more_rows_than_a_sheet_holds(tmp_path, monkeypatch):
    """RC471, with the bound brought down."""
    pytest.importorskip("xlsxwriter")

    from retcalc.render.workbook import file

    monkeypatch.setattr(file, "MOST_ROWS", 1)
    (tmp_path / "d.csv").write_text(PANEL)
    done = run("movements", "d.csv", "-o", "x.xlsx", cwd=tmp_path)
    assert "error RC471: " in done.stderr
    assert done.exit_code == CATALOGUE["RC471"].status
    assert not (tmp_path / "x.xlsx").exists()


def test_lines_that_polars_cannot_split_are_refused(tmp_path, monkeypatch):
    """RC399, by a reader that gives up."""
    from retcalc.read.text import rows

    def fail(*_, **__):
        raise rows._unreadable("d.csv")

    monkeypatch.setattr("retcalc.read.table.read_rows", fail)
    (tmp_path / "d.csv").write_text(PANEL)
    done = run("nrr", "d.csv", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC399: " in done.stderr


def test_a_price_for_no_time_is_refused(tmp_path):
    """RC206: the paid period has no length."""
    text = (
        "customer_id,status,start_date,current_period_start,current_period_end,amount\n"
        "a,active,2024-01-05,2024-01-05,2024-01-05,100\n"
    )
    (tmp_path / "d.csv").write_text(text)
    done = run("nrr", "d.csv", "--as-of", "2024-03", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "error RC206: " in done.stderr


def test_a_quantity_must_be_a_number(tmp_path):
    """RC246."""
    text = (
        "customer_id,start_date,end_date,amount,interval,interval_count\na,2024-01-05,,9,month,x\n"
    )
    (tmp_path / "d.csv").write_text(text)
    done = run("nrr", "d.csv", "--as-of", "2024-03", cwd=tmp_path)
    assert done.exit_code == 3
    assert "error RC246: " in done.stderr
