"""Months and days in the cells of a long table, in every spelling that a header takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import Run, run

# January and February 2024, with marks that no cell holds between them
PAIRS = """2024-01|2024-02
2024-1|2024-2
2024/1|2024/2
202401|202402
2024_01|2024_02
2024M01|2024M02
Jan-24|Feb-24
jan '24|feb '24
Jan24|Feb24
Jan-2024|Feb-2024
2024 Jan|2024 Feb
2024-Jan|2024-Feb
January 2024|February 2024
01/2024|02/2024
1/2024|2/2024
01.2024|02.2024
2024.01|2024.02
2024年1月|2024年2月
MRR Jan 2024|MRR Feb 2024
Januar 2024|Februar 2024
janv. 2024|févr. 2024
Enero 2024|Febrero 2024
enero de 2024|febrero de 2024
gennaio 2024|febbraio 2024
janeiro de 2024|fevereiro de 2024
januari 2024|februari 2024
20240131|20240229
2024.01.31|2024.02.29
2024/01/31|2024/02/29
2024-1-31|2024-2-29
31 Jan 2024|29 Feb 2024
31-Jan-24|29-Feb-24
Jan 31, 2024|Feb 29, 2024
January 31st, 2024|February 29th, 2024
Wed Jan 31 2024|Thu Feb 29 2024
31. Januar 2024|29. Februar 2024
Mittwoch, 31. Januar 2024|Donnerstag, 29. Februar 2024
1er janvier 2024|1er février 2024
1 de enero de 2024|1 de febrero de 2024
miércoles, 31 de enero de 2024|jueves, 29 de febrero de 2024
1º de janeiro de 2024|1º de fevereiro de 2024
1 gennaio 2024|1 febbraio 2024
31 januari 2024|29 februari 2024
1/31/2024|2/29/2024
31/01/2024|29/02/2024
1/31/24|2/29/24
31.01.24|29.02.24
1/31/2024 0:00|2/29/2024 0:00
31.01.2024 00:00:00|29.02.2024 00:00:00
1/31/2024 12:00:00 AM|2/29/2024 12:00:00 AM
Jan 31, 2024, 5:00 PM|Feb 29, 2024, 5:00 PM
2024-01-31 00:00:00|2024-02-29 00:00:00
2024-01-31T00:00:00.000|2024-02-29T00:00:00.000"""
SECONDS = ("1706659200", "1709164800"), ("1706659200000", "1709164800000")  # 31 and 29, at midnight
WITH_TIMES = ("12:00:00 AM", "5:00 PM")  # a header at midnight has no time but 0:00


def long_table(folder: Path, january: str, february: str, *options: str) -> Run:
    rows = [("A", january, 100), ("B", january, 50), ("A", february, 120)]
    text = "".join(f'{name},"{cell}",{mrr}\n' for name, cell, mrr in rows)
    (folder / "long.csv").write_text(f"customer,month,mrr\n{text}")
    return run("movements", "long.csv", "-f", "json", *options, cwd=folder)


def closings(done: Run) -> list[tuple[str, str]]:
    return [(row["month"], row["closing_mrr"]) for row in done.json["rows"]]


TWO = [("2024-01", "150.00"), ("2024-02", "120.00")]


@pytest.mark.parametrize(
    ("january", "february"), [*(line.split("|") for line in PAIRS.splitlines()), *SECONDS]
)
def test_a_cell(tmp_path: Path, january: str, february: str) -> None:
    """A goes from 100 to 120, B pays 50 in January only."""
    assert closings(long_table(tmp_path, january, february)) == TWO


@pytest.mark.parametrize(
    ("january", "february"),
    [line.split("|") for line in PAIRS.splitlines() if not line.endswith(WITH_TIMES)],
)
def test_a_header(tmp_path: Path, january: str, february: str) -> None:
    (tmp_path / "w.csv").write_text(f'customer,"{january}","{february}"\nA,100,120\nB,50,0\n')
    assert closings(run("movements", "w.csv", "-f", "json", cwd=tmp_path)) == TWO


@pytest.mark.parametrize(
    ("january", "february", "pattern"),
    [
        ("24-Jan", "24-Feb", "%y-%b"),
        ("24-Mär", "24-Apr", "%y-%b"),
        ("01/24", "02/24", "%m/%y"),
        ("24/01", "24/02", "%y/%m"),
        ("31012024", "29022024", "%d%m%Y"),
        ("01/02/2024", "01/03/2024", "%d/%m/%Y"),
        ("01/02/2024 0:00", "01/03/2024 0:00", "%d/%m/%Y"),
        ("24-01-05", "24-02-05", "%y-%m-%d"),
        ("45322", "45351", "excel"),
    ],
)
def test_the_fix_names_a_pattern_that_works(
    tmp_path: Path, january: str, february: str, pattern: str
) -> None:
    asked = long_table(tmp_path, january, february)
    assert (asked.exit_code, asked.stdout) == (3, "")
    option = pattern if pattern == "excel" else f'"{pattern}"'
    assert f"--date-format {option}" in asked.stderr
    done = long_table(tmp_path, january, february, "--date-format", pattern)
    assert [mrr for _, mrr in closings(done)] == ["150.00", "120.00"]


def test_months_of_one_and_two_digits_go_together(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("customer,month,mrr\nA,2024-9,10\nA,2024-10,20\n")
    done = run("movements", "l.csv", "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2024-09", "10.00"), ("2024-10", "20.00")]


def test_a_sibling_column_proves_the_order(tmp_path: Path) -> None:
    """02/01 and 03/01 are January days as 15/01 in the other column is; 3 January with months first
    would be 1 March."""
    (tmp_path / "l.csv").write_text(
        "customer,date,mrr,exported_on\nA,01/02/2024,100,15/02/2024\nB,01/02/2024,50,15/02/2024\n"
        "A,01/03/2024,120,15/03/2024\n"
    )
    done = run("movements", "l.csv", "-f", "json", cwd=tmp_path)
    assert closings(done) == [("2024-02", "150.00"), ("2024-03", "120.00")]
    assert 'day first (%d/%m/%Y), as "15/02/2024" in exported_on proves' in done.stderr


def test_an_end_proves_the_order_of_a_start(tmp_path: Path) -> None:
    """B starts on 5 January and ends on 20 March; read day first it would start in May."""
    (tmp_path / "s.csv").write_text(
        "subscription_id,customer_id,start,end,mrr\n"
        "s1,A,1/5/2024,,100\ns2,B,1/5/2024,3/20/2024,50\ns3,C,4/6/2024,,10\n"
    )
    done = run("movements", "s.csv", "-f", "json", "--as-of", "2024-04", cwd=tmp_path)
    assert closings(done) == [
        ("2024-01", "150.00"),
        ("2024-02", "150.00"),
        ("2024-03", "100.00"),
        ("2024-04", "110.00"),
    ]
    assert 'as "3/20/2024" in end proves' in done.stderr


def test_siblings_that_disagree_prove_nothing(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(
        "customer,date,mrr,created_on,updated_on\nA,01/02/2024,100,15/02/2024,02/15/2024\n"
    )
    done = run("movements", "l.csv", cwd=tmp_path)
    assert done.exit_code == 3
    assert "error RC223" in done.stderr


def test_a_row_that_contradicts_the_others_has_no_pattern_to_offer(tmp_path: Path) -> None:
    done = long_table(tmp_path, "31/01/2024", "02/28/2024")
    assert "error RC223" in done.stderr
    assert "fix    export the column in one format" in done.stderr
