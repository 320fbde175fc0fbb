"""Parquet: its own types, folders of parts, and hostile files."""

import datetime as dt
import subprocess
import sys

import polars as pl
import pytest

from read.read_helpers import codes, lines, places, read, refusal, rows, write
from retcalc.core.findings import RetcalcError
from retcalc.read import FILE, ReadPlan, ReadRules, read_table

FRAME = pl.DataFrame(
    {"id": ["007", None], "mrr": [1, 2], "month": [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]}
)


def save(path, frame=FRAME):
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    return str(path)


def test_types_and_nulls_are_kept(tmp_path):
    table, notes = read(save(tmp_path / "data.parquet"))
    assert table.frame.drop("__file", "__line").equals(FRAME)
    assert lines(table) == [1, 2]
    assert table.frame.dtypes[-2:] == [pl.UInt16, pl.UInt32]
    assert notes == ()


def test_content_decides_not_the_name(tmp_path):
    table, notes = read(save(tmp_path / "data.csv"))
    assert table.frame.height == 2
    assert codes(notes) == ["RC810"]


def test_columns_can_be_chosen(tmp_path):
    path = save(tmp_path / "data.parquet")
    for chosen in ([], ["mrr"], ["month", "id"]):
        table, _ = read_table([path], ReadRules(), lambda _, c=chosen: ReadPlan(columns=c))
        assert set(table.frame.columns) == {*chosen, "__file", "__line"}
        assert lines(table) == [1, 2]
        assert table.header == ("id", "mrr", "month")


def test_a_folder_of_parts_is_read_in_order_with_its_keys(tmp_path):
    folder = tmp_path / "parts"
    save(folder / "year=2026" / "b.parquet", FRAME.tail(1))
    save(folder / "year=2025" / "a.parquet", FRAME.head(1))
    save(folder / "year=__HIVE_DEFAULT_PARTITION__" / "c%20d.parquet", FRAME.head(1))
    write(folder, "", "_SUCCESS")
    write(folder, "x", "_temporary/d.parquet")
    write(folder, "x", ".hidden.parquet")
    table, notes = read(str(folder))
    assert table.header == ("id", "mrr", "month", "year")
    assert table.frame["year"].to_list() == ["2025", "2026", None]
    assert table.frame["mrr"].to_list() == [1, 2, 1]
    assert table.frame[FILE].to_list() == [0, 1, 2]
    assert [source.path for source in table.sources] == [
        str(folder / "year=2025" / "a.parquet"),
        str(folder / "year=2026" / "b.parquet"),
        str(folder / "year=__HIVE_DEFAULT_PARTITION__" / "c%20d.parquet"),
    ]
    assert notes == ()


def test_other_files_of_a_folder_are_noted(tmp_path):
    save(tmp_path / "parts" / "a.parquet")
    write(tmp_path, "id,mrr\n", "parts/b.csv")
    assert codes(read(str(tmp_path / "parts"))[1]) == ["RC812"]


def test_types_must_agree(tmp_path):
    one = save(tmp_path / "one.parquet")
    two = save(tmp_path / "two.parquet", FRAME.with_columns(pl.col("mrr").cast(pl.Float64)))
    (finding,) = refusal(one, two)
    assert finding.code == "RC321"
    assert "Float64" in (finding.value or "")
    assert one in finding.message


@pytest.mark.parametrize("null_first", [True, False])
def test_a_column_without_values_goes_with_any_type(tmp_path, null_first):
    nulls = save(tmp_path / "nulls.parquet", FRAME.with_columns(mrr=pl.lit(None)))
    full = save(tmp_path / "full.parquet")
    table, _ = read(*((nulls, full) if null_first else (full, nulls)))
    assert table.frame["mrr"].dtype == pl.Int64
    assert table.frame["mrr"].sum() == 3


def test_nested_columns_are_left_out_unless_needed(tmp_path):
    tagged = FRAME.with_columns(tags=pl.lit([1, 2]), extra=pl.struct("mrr"))
    table, notes = read(save(tmp_path / "a.parquet", tagged))
    assert table.header == ("id", "mrr", "month")
    assert codes(notes) == ["RC811"]
    needed = FRAME.with_columns(pl.struct("mrr").alias("mrr"))
    assert codes(refusal(save(tmp_path / "b.parquet", needed))) == ["RC323"]


def test_no_rows(tmp_path):
    path = save(tmp_path / "data.parquet", FRAME.clear())
    assert codes(refusal(path)) == ["RC302"]
    assert read(path, allow_empty=True)[0].frame.height == 0


def test_reserved_names(tmp_path):
    path = save(tmp_path / "data.parquet", FRAME.rename({"month": "__file"}))
    assert codes(refusal(path)) == ["RC314"]


def test_damage_is_refused_and_nothing_reaches_the_terminal(tmp_path, capfd):
    path = tmp_path / "data.parquet"
    data = (save(path), path.read_bytes())[1]
    for cut in (4, 8, 30, len(data) - 1):
        assert places(refusal(write(tmp_path, data[:cut], "cut.parquet"))) == [("RC322", None)]
    for at in range(len(data) - 200, len(data) - 8, 7):
        flipped = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        path = write(tmp_path, flipped, "flipped.parquet")
        try:
            read(path)
        except RetcalcError as error:
            assert codes(error.findings)[0].startswith("RC3")
    assert capfd.readouterr() == ("", "")


def test_a_panic_is_an_error_like_others(tmp_path, monkeypatch, capfd):
    def panic(*_: object, **__: object) -> None:
        import os

        os.write(2, b"thread 'main' panicked")
        raise pl.exceptions.PanicException("called unwrap")

    path = save(tmp_path / "data.parquet")
    monkeypatch.setattr(pl, "scan_parquet", panic)
    assert codes(refusal(path)) == ["RC322"]
    assert capfd.readouterr().err == ""


def test_more_rows_than_a_tiny_file_can_hold_are_refused(tmp_path):
    frame = pl.select(id=pl.repeat("a", 2_000_000), mrr=pl.repeat(1, 2_000_000))
    path = save(tmp_path / "data.parquet", frame)
    assert codes(refusal(path, max_bytes=2**20)) == ["RC325"]


def test_an_untrusted_file_is_tried_in_a_child(tmp_path):
    path = save(tmp_path / "data.parquet")
    assert read(path, untrusted=True)[0].frame.height == 2
    assert rows(read(path)[0]) == FRAME.rows()


def test_what_kills_the_child_is_refused(tmp_path, monkeypatch):
    run = subprocess.run

    def killed(_: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        return run([sys.executable, "-c", "import os; os.abort()"], **options)

    monkeypatch.setattr("retcalc.read.parquet.parquet.subprocess.run", killed)
    path = save(tmp_path / "data.parquet")
    assert codes(refusal(path, untrusted=True)) == ["RC322"]
