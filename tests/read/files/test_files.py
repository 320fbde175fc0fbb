"""Paths, packed files, several files, standard input, and what the file system can throw."""

import gzip
import hashlib
import io
import os
import sys
from pathlib import Path

import polars as pl
import pytest

from read.read_helpers import codes, lines, read, refusal, rows, write
from retcalc.read import FILE

TEXT = "id,mrr\na,1\nb,2\n"
ROWS = [("a", "1"), ("b", "2")]


def zstd(data: bytes) -> bytes:
    """Frame up to 255 bytes as zstd, stored as they are (RFC 8878, 3.1.1)."""
    header = bytes.fromhex("28b52ffd20") + bytes([len(data)])
    return header + (len(data) << 3 | 1).to_bytes(3, "little") + data


def test_a_source_has_path_hash_and_rows(tmp_path):
    path = write(tmp_path, TEXT)
    table, _ = read(path)
    (source,) = table.sources
    assert (source.path, source.rows) == (path, 2)
    assert source.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
@pytest.mark.parametrize(
    "text", [TEXT, "id,mrr\r\n\r\na,1", "\ufeffid;mrr\né;1\n\n", "id,mrr\ra,1\r"]
)
def test_packed_text_reads_like_the_text(tmp_path, pack, text):
    plain, plain_notes = read(write(tmp_path, text))
    packed_bytes = pack(text.encode())
    packed, packed_notes = read(write(tmp_path, packed_bytes, "packed"))
    assert packed.frame.equals(plain.frame)
    assert codes(packed_notes) == codes(plain_notes)
    assert packed.sources[0].sha256 == hashlib.sha256(packed_bytes).hexdigest()


def test_gzip_of_several_members(tmp_path):
    packed = gzip.compress(b"id,mrr\na,1\n") + gzip.compress(b"b,2\n")
    assert rows(read(write(tmp_path, packed, "data.csv.gz"))[0]) == ROWS


@pytest.mark.parametrize(
    "damaged",
    [
        gzip.compress(TEXT.encode())[:-9],
        gzip.compress(TEXT.encode()) + b"garbage",
        gzip.compress(TEXT.encode())[:12] + b"\xff\xff" + gzip.compress(TEXT.encode())[14:],
        zstd(TEXT.encode())[:-3],
        zstd(TEXT.encode()) + b"garbage",
        zstd("id,mrr\ncafé,1\n".encode("cp1252")),
    ],
)
def test_damaged_packed_files_are_refused(tmp_path, damaged):
    assert codes(refusal(write(tmp_path, damaged, "data.csv.gz"))) == ["RC324"]


def test_a_bomb_is_refused(tmp_path):
    bomb = gzip.compress(b"id,mrr\n" + b"a,1\n" * (20 * 2**20), 1)
    assert codes(refusal(write(tmp_path, bomb, "data.csv.gz"))) == ["RC325"]


def test_packed_text_has_a_cap(tmp_path):
    path = write(tmp_path, gzip.compress(TEXT.encode()), "data.csv.gz")
    assert codes(refusal(path, max_bytes=10)) == ["RC325"]


@pytest.mark.parametrize(
    ("magic", "word"),
    [
        (b"PK\x03\x04\x14\0\0\0[Content_Types].xml", "workbook"),
        (b"PK\x03\x04\x14\0\0\0data.csv", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"SQLite format 3\0", "SQLite"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_foreign_files_are_told_by_their_content(tmp_path, magic, word):
    (finding,) = refusal(write(tmp_path, magic + b"\0" * 50))
    assert finding.code == "RC317"
    assert word in finding.message


@pytest.mark.parametrize("title", ["PARENT", "PAR1", "ORCID", "BZh"])
def test_a_header_that_begins_like_a_magic_is_text(tmp_path, title):
    table, _ = read(write(tmp_path, f"{title},id,mrr\n1,2,3\n"))
    assert table.header == (title, "id", "mrr")


def test_a_name_that_does_not_fit_is_noted(tmp_path):
    assert codes(read(write(tmp_path, TEXT, "data.parquet"))[1]) == ["RC810"]
    assert codes(read(write(tmp_path, TEXT, "data.csv.gz"))[1]) == ["RC810"]


def test_a_name_is_never_a_pattern(tmp_path):
    write(tmp_path, "id,mrr\nwrong,1\n", "data1.csv")
    path = write(tmp_path, TEXT, "data[1].csv")
    assert rows(read(path)[0]) == ROWS
    assert codes(refusal(str(tmp_path / "data?.csv"))) == ["RC401"]


def test_several_files_in_any_column_order(tmp_path):
    one = write(tmp_path, TEXT, "one.csv")
    two = write(tmp_path, "mrr;id\n3;c\n", "two.csv")
    table, notes = read(one, two)
    assert rows(table) == [*ROWS, ("c", "3")]
    assert table.frame[FILE].to_list() == [0, 0, 1]
    assert lines(table) == [2, 3, 2]
    assert [source.rows for source in table.sources] == [2, 1]
    assert [(note.code, note.spots[0].file) for note in notes] == [("RC801", two)]


def test_the_same_note_of_two_files_is_one(tmp_path):
    paths = [write(tmp_path, "id;mrr\na;1\n", name) for name in ("one.csv", "two.csv")]
    (note,) = read(*paths)[1]
    assert [spot.file for spot in note.spots] == paths


def test_different_columns_are_refused_naming_both_files(tmp_path):
    one = write(tmp_path, "id,mrr,plan\na,1,x\n", "one.csv")
    two = write(tmp_path, "id,mrr,region\na,1,x\n", "two.csv")
    (finding,) = refusal(one, two)
    assert finding.code == "RC320"
    assert [spot.file for spot in finding.spots] == [one, two]
    assert f"{two} has no plan" in (finding.value or "")


def test_one_file_without_rows_is_noted(tmp_path):
    empty = write(tmp_path, "id,mrr\n", "empty.csv")
    table, notes = read(write(tmp_path, TEXT), empty)
    assert rows(table) == ROWS
    assert [(note.code, note.spots[0].file) for note in notes] == [("RC814", empty)]


def test_a_file_given_twice_is_refused(tmp_path):
    path = write(tmp_path, TEXT)
    (tmp_path / "link.csv").symlink_to(path)
    assert codes(refusal(path, str(tmp_path / "link.csv"))) == ["RC410"]


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    table, notes = read("-")
    assert rows(table) == ROWS
    assert table.sources[0].path == "-"
    assert notes == ()


def test_expected_rows_and_hash(tmp_path):
    path = write(tmp_path, TEXT)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    assert rows(read(path, expect_rows=2, expect_sha256=digest.upper())[0]) == ROWS
    assert codes(refusal(path, expect_rows=3)) == ["RC391"]
    assert codes(refusal(path, expect_sha256="0" * 64)) == ["RC392"]
    other = write(tmp_path, TEXT, "other.csv")
    assert codes(refusal(path, other, expect_sha256=digest)) == ["RC392"]


def test_missing_files_say_what_may_be_meant(tmp_path):
    write(tmp_path, TEXT, "october.csv")
    (finding,) = refusal(str(tmp_path / "octobre.csv"))
    assert (finding.code, finding.status) == ("RC401", 4)
    assert "october.csv" in (finding.fix or "")


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert codes(refusal(str(tmp_path / "pipe"))) == ["RC404"]
    assert codes(refusal("/dev/null")) == ["RC404"]
    assert codes(refusal(str(tmp_path / "loop"))) == ["RC405"]
    assert codes(refusal(str(tmp_path / "data.csv" / "x"))) == ["RC401"]
    assert codes(refusal(str(tmp_path / ("x" * 300)))) == ["RC408"]
    assert codes(refusal("a\0b")) == ["RC401"]
    assert codes(refusal(str(tmp_path))) == ["RC402"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path):
    path = write(tmp_path, TEXT)
    Path(path).chmod(0)
    assert codes(refusal(path)) == ["RC403"]


@pytest.mark.parametrize(
    "path", ["https://example.com/a.csv", "s3://bucket/a.parquet", "file:///a"]
)
def test_addresses_are_refused_without_remote(path):
    assert codes(refusal(path)) == ["RC406"]


def test_addresses_are_read_with_remote(tmp_path):
    path = write(tmp_path, TEXT)
    table, _ = read(f"file://{path}", remote=True)
    assert rows(table) == ROWS
    assert codes(refusal(f"file://{path}.missing", remote=True)) == ["RC407"]
    parquet = tmp_path / "a.parquet"
    pl.DataFrame({"id": ["a"], "mrr": [1]}).write_parquet(parquet)
    table, notes = read(f"file://{parquet}", remote=True)
    assert rows(table) == [("a", 1)]
    assert codes(notes) == ["RC813"]


def test_a_file_that_changes_while_read_is_refused(tmp_path, monkeypatch):
    path = write(tmp_path, TEXT)
    real, calls = os.fstat, []

    def growing(descriptor: int) -> os.stat_result:
        calls.append(descriptor)
        if len(calls) == 2:
            with Path(path).open("a") as file:
                file.write("c,3\n")
        return real(descriptor)

    monkeypatch.setattr("retcalc.read.files.prefetch.os.fstat", growing)
    assert codes(refusal(path)) == ["RC326"]
