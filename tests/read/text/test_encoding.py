"""Encodings, and characters that no text holds."""

import codecs

import pytest

from read.read_helpers import codes, places, read, refusal, rows, write

TEXT = "id,mrr\nCafé,1\nŁódź,2\n"
ROWS = [("Café", "1"), ("Łódź", "2")]


def test_a_utf8_mark_is_fine(tmp_path):
    table, notes = read(write(tmp_path, codecs.BOM_UTF8 + TEXT.encode()))
    assert table.header == ("id", "mrr")
    assert rows(table) == ROWS
    assert notes == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_utf16_and_utf32_are_recognised(tmp_path, encoding):
    table, notes = read(write(tmp_path, TEXT.encode(encoding)))
    assert rows(table) == ROWS
    assert codes(notes) == ["RC802"]


def test_other_encodings_must_be_told(tmp_path):
    path = write(tmp_path, "id,mrr\nplain,1\nCafé,2\nNoël,3\n".encode("cp1252"))
    (finding,) = refusal(path)
    assert places([finding]) == [("RC303", 3), ("RC303", 4)]
    assert "0xE9" in (finding.value or "")
    assert "Café" in (finding.value or "")
    assert "--encoding cp1252" in (finding.fix or "")
    table, notes = read(path, encoding="cp1252")
    assert rows(table) == [("plain", "1"), ("Café", "2"), ("Noël", "3")]
    assert notes == ()


def test_a_fault_far_down_has_its_line(tmp_path):
    text = b"id,mrr\n" + "é,1\n".encode() * 500_000 + b"\xff,1\n"
    assert places(refusal(write(tmp_path, text))) == [("RC303", 500_002)]


@pytest.mark.parametrize("encoding", ["ascii", "utf-16"])
def test_a_told_encoding_that_does_not_fit(tmp_path, encoding):
    assert codes(refusal(write(tmp_path, "id,mrr\né,1\n"), encoding=encoding)) == ["RC305"]


@pytest.mark.parametrize("encoding", ["nonsense", "hex", "zlib", "", "a\0b"])
def test_an_unknown_encoding(tmp_path, encoding):
    assert codes(refusal(write(tmp_path, TEXT), encoding=encoding)) == ["RC305"]


def test_told_utf8_takes_a_mark_too(tmp_path):
    table, notes = read(write(tmp_path, codecs.BOM_UTF8 + TEXT.encode()), encoding="UTF8")
    assert rows(table) == ROWS
    assert notes == ()


def test_nul_is_refused(tmp_path):
    path = write(tmp_path, b"id,mrr\nabc,1\nd\0e,2\nlonger to be no utf-16,3\nf\0\0,4\n")
    assert places(refusal(path)) == [("RC304", 3), ("RC304", 5)]


@pytest.mark.parametrize("end", [b"\x1a", b"\x1a\r\n"])
def test_a_last_ctrl_z_is_dropped(tmp_path, end):
    table, notes = read(write(tmp_path, b"id,mrr\r\na,1\r\n" + end))
    assert rows(table) == [("a", "1")]
    assert codes(notes) == ["RC809"]
