"""Errors and notes in the one form that users see."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from render.render_samples import NAUGHTY
from retcalc.core.findings import Finding, Spot
from retcalc.render.screen.errors import errors_csv, findings_text, render_findings

FILE = "exports/mrr_2026-10.csv"


def amount(*lines: int, **parts: object) -> Finding:
    given = {
        "column": 3,
        "header": "mrr",
        "value": '"1,234.50" has a thousands separator; this file is read with none',
        "fix": '--thousands ","   or in retcalc.yaml  amounts: {thousands: ","}',
        **parts,
    }
    spots = tuple(Spot(FILE, line, "1,234.50") for line in lines)
    return Finding("RC214", "amount is not a number", spots, **given)  # type: ignore[arg-type]


def test_the_interface_example():
    lines = [4183, 4190, 4201, 4377, *range(5000, 5209)]
    assert findings_text([amount(*lines)]) == (
        "retcalc: error RC214: amount is not a number\n"
        '  file   exports/mrr_2026-10.csv, line 4183, column 3 "mrr"\n'
        '  value  "1,234.50" has a thousands separator; this file is read with none\n'
        '  fix    --thousands ","   or in retcalc.yaml  amounts: {thousands: ","}\n'
        "  also   212 more rows (lines 4190, 4201, 4377 …); all of them: --errors-out errors.csv\n"
    )


def test_a_few_more_places():
    assert "  also   1 more row (line 9); all of them" in findings_text([amount(3, 9)])
    assert "  also   3 more rows (lines 4, 5, 6); all" in findings_text([amount(3, 4, 5, 6)])
    assert "also" not in findings_text([amount(3)])


def test_places_in_several_files():
    spots = (Spot("a.csv", 3), Spot("b.csv", 4), Spot("c.csv"))
    finding = replace(amount(), spots=spots)
    assert "  also   2 more rows (b.csv line 4, c.csv); all" in findings_text([finding])
    finding = replace(amount(), spots=(Spot("a.csv"), Spot("b.csv")), column=None, header=None)
    text = findings_text([finding])
    assert "  file   a.csv\n" in text
    assert "  also   1 more file (b.csv); all" in text


def test_the_raw_value_and_the_general_remedy_stand_in():
    text = findings_text([amount(3, value=None, fix=None)])
    assert '  value  "1,234.50"\n' in text
    assert "  fix    Say how amounts are written: --decimal, --thousands.\n" in text


def test_a_finding_without_a_place():
    assert findings_text([Finding("RC700", "an internal check failed", fix="report it")]) == (
        "retcalc: error RC700: an internal check failed\n  fix    report it\n"
    )


def test_header_without_position():
    text = findings_text([Finding("RC202", "m", (Spot("a.csv", 1),), header="mrr", fix="f")])
    assert '  file   a.csv, line 1, column "mrr"\n' in text
    text = findings_text([Finding("RC202", "m", (Spot("a.csv", 1),), column=2, fix="f")])
    assert "  file   a.csv, line 1, column 2\n" in text


def test_a_note_gives_no_general_remedy_and_no_errors_file():
    note = Finding("RC843", "months count as zero", (Spot("a.csv", 2), Spot("a.csv", 5)))
    assert findings_text([note]) == (
        "retcalc: note RC843: months count as zero\n"
        "  file   a.csv, line 2\n"
        "  also   1 more row (line 5)\n"
    )
    strict = findings_text([replace(note, as_error=True)])
    assert strict.startswith("retcalc: error RC843: months count as zero\n")


def test_twenty_errors_and_a_count():
    notes = [Finding("RC843", "a note")] * 30
    text = findings_text([*notes, *[amount(i + 1) for i in range(33)]])
    assert text.count("retcalc: error RC214") == 20
    assert text.count("retcalc: note") == 30
    assert text.endswith("retcalc: 13 more errors; all of them: --errors-out errors.csv\n")
    text = findings_text([amount(i + 1) for i in range(21)])
    assert text.endswith("\nretcalc: 1 more error; all of them: --errors-out errors.csv\n")


def test_hostile_text_stays_on_its_line():
    for text in NAUGHTY:
        finding = Finding("RC214", text, (Spot(text, 1, text),), 1, text, text or "v", text or "f")
        shown = findings_text([finding])
        assert shown.count("\n") == 4
        assert "\x1b" not in shown
        shown.encode("utf-8")


@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8", "…"), ("latin-1", "..."), ("ascii", "...")]
)
def test_any_stream_can_take_it(encoding, end):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    render_findings([amount(1, 2, 3, 4, 5, value="名前")], stream)
    text = raw.getvalue().decode(encoding)
    assert f"(lines 2, 3, 4 {end})" in text
    assert ("名前" if encoding == "utf-8" else r"\u540d\u524d") in text


def test_a_lost_stream_is_no_trouble():
    stream = io.StringIO()
    stream.close()
    render_findings([amount(1)], stream)


def test_errors_as_csv():
    places = replace(amount(2, 7), fix=None)
    bare = Finding("RC700", "an internal check failed")
    assert errors_csv([places, bare]) == (
        "file,line,column,header,value,code,message\n"
        f'{FILE},2,3,mrr,"1,234.50",RC214,amount is not a number\n'
        f'{FILE},7,3,mrr,"1,234.50",RC214,amount is not a number\n'
        ",,,,,RC700,an internal check failed\n"
    )
    assert errors_csv([]) == "file,line,column,header,value,code,message\n"


def test_errors_as_csv_run_no_formula():
    finding = replace(amount(), spots=(Spot("=x.csv", 2, "=1+1"), Spot("a", None, "-5")))
    assert errors_csv([finding]).splitlines()[1:] == [
        "'=x.csv,2,3,mrr,'=1+1,RC214,amount is not a number",
        "a,,3,mrr,'-5,RC214,amount is not a number",
    ]
    assert ",=1+1," in errors_csv([finding], raw=True)
    for text in NAUGHTY:
        made = errors_csv([Finding("RC214", text, (Spot(text, 1, text),), 1, text)])
        made.encode("utf-8")
        (_, row) = csv.reader(io.StringIO(made, newline=""), strict=True)
        assert len(row) == 7
