"""Other people's bad files: a clean table or a clean refusal, and never a wrong one."""

import csv
import io
import json
import time

import pytest

from helpers import SHARED
from read.read_helpers import rows
from retcalc.core.findings import RetcalcError
from retcalc.read import ReadPlan, ReadRules, read_table

CORPUS = SHARED / "badinput"
SPECTRUM = CORPUS / "csv-spectrum"
FILES = [path for path in sorted(CORPUS.rglob("*")) if path.is_file() and "yaml" not in str(path)]

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


def test_every_file_gives_a_table_or_a_refusal(capfd):
    for path in FILES:
        start = time.monotonic()
        try:
            table, notes = read_table(
                [str(path)], ReadRules(), lambda header: ReadPlan(fits=len(header) > 2)
            )
            assert table.frame.height == sum(source.rows for source in table.sources), path
            assert not any(note.is_error for note in notes), path
        except RetcalcError as error:
            assert error.findings, path
            assert error.status in {3, 4}, path
        assert time.monotonic() - start < 10, path
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("path", sorted(SPECTRUM.glob("csvs/*.csv")), ids=lambda path: path.stem)
def test_csv_spectrum_is_read_as_its_json_says(path, tmp_path):
    truth = json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text())
    data = path.read_bytes()
    crlf = tmp_path / "crlf.csv"
    crlf.write_bytes(data.replace(b"\n", b"\r\n"))
    for file in (path, crlf):
        table, _ = read_table([str(file)], ReadRules(), lambda _: ReadPlan())
        found = [dict(zip(table.header, map(_lf, row), strict=True)) for row in rows(table)]
        assert found == [{title: _lf(cell) for title, cell in row.items()} for row in truth]


def _lf(text):
    """Even out line breaks, which the corpus lost in its CRLF files."""
    return text.replace("\r\n", "\n")


@pytest.mark.parametrize("folder", ["csvkit", "frictionless", "pandas", "polars", "duckdb"])
def test_accepted_utf8_text_is_what_the_csv_module_reads(folder):
    compared = 0
    for path in sorted((CORPUS / folder).rglob("*.csv")):
        try:
            table, notes = read_table([str(path)], ReadRules(), lambda _: ReadPlan())
            text = path.read_bytes().decode("utf-8-sig")
        except (RetcalcError, UnicodeDecodeError):
            continue
        codes = {note.code for note in notes}
        if codes & {"RC801", "RC802", "RC803", "RC805", "RC807", "RC809"}:
            continue
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        expected = [tuple(row) for row in reader if any(cell.strip() for cell in row)]
        found = [row for row in rows(table) if any(cell.strip() for cell in row)]
        if not path.read_bytes().startswith((b"PAR1", b"\x1f\x8b")):
            assert found == expected[1:], path
            compared += 1
    assert compared >= 2
