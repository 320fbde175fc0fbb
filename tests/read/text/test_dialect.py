"""Delimiter, header, preamble and what is no table at all."""

import pytest

from read.read_helpers import codes, lines, places, read, refusal, rows, write


def test_plain_csv_keeps_every_character_as_text(tmp_path):
    table, notes = read(write(tmp_path, "id,mrr\n007, 1.50\nNA,\n,1e5\n"))
    assert rows(table) == [("007", " 1.50"), ("NA", ""), ("", "1e5")]
    assert table.frame.columns == ["id", "mrr", "__file", "__line"]
    assert [str(kind) for kind in table.frame.dtypes] == ["String", "String", "UInt16", "UInt32"]
    assert lines(table) == [2, 3, 4]
    assert table.header == ("id", "mrr")
    assert notes == ()


@pytest.mark.parametrize(("mark", "spoken"), [(";", "semicolon"), ("\t", "tab"), ("|", "pipe")])
def test_other_delimiters_are_recognised_and_noted(tmp_path, mark, spoken):
    text = f"id{mark}mrr\na,b{mark}1,50\n"
    table, notes = read(write(tmp_path, text))
    assert rows(table) == [("a,b", "1,50")]
    assert codes(notes) == ["RC801"]
    assert spoken in notes[0].message


def test_the_delimiter_that_gives_the_needed_columns_wins(tmp_path):
    table, _ = read(write(tmp_path, "id;name, full, legal;mrr\n1;x, y, z;2\n"))
    assert table.header == ("id", "name, full, legal", "mrr")


def test_a_delimiter_in_a_quoted_name_is_no_delimiter(tmp_path):
    table, notes = read(write(tmp_path, 'id,"a;b;c;d",mrr\n1,2,3\n'))
    assert table.header == ("id", "a;b;c;d", "mrr")
    assert notes == ()


@pytest.mark.parametrize(("given", "mark"), [("^", "^"), ("tab", "\t"), ("\\t", "\t"), ("]", "]")])
def test_a_given_delimiter_is_used_without_a_note(tmp_path, given, mark):
    table, notes = read(write(tmp_path, f'id{mark}mrr\n"x{mark}"{mark}2\n'), delimiter=given)
    assert rows(table) == [(f"x{mark}", "2")]
    assert notes == ()


@pytest.mark.parametrize("given", ["", "ab", "a", '"', "\n", "§"])
def test_what_cannot_separate_columns_is_refused(tmp_path, given):
    assert codes(refusal(write(tmp_path, "id,mrr\n1,2\n"), delimiter=given)) == ["RC329"]


def test_a_sep_line_is_honoured(tmp_path):
    table, notes = read(write(tmp_path, "sep=;\r\nid;mrr\r\n1;2\r\n"))
    assert rows(table) == [("1", "2")]
    assert lines(table) == [3]
    assert codes(notes) == ["RC803"]


def test_text_above_the_header_is_refused_with_the_lines_to_skip(tmp_path):
    path = write(tmp_path, "MRR report, October\nby finance\n\nid,mrr\n1,2\n")
    (finding,) = refusal(path)
    assert (finding.code, finding.fix) == ("RC315", "--skip-lines 3")
    table, notes = read(path, skip_lines=3)
    assert rows(table) == [("1", "2")]
    assert lines(table) == [5]
    assert notes == ()


def test_more_lines_to_skip_than_there_are(tmp_path):
    assert codes(refusal(write(tmp_path, "id,mrr\n"), skip_lines=2)) == ["RC327"]


def test_a_table_without_the_needed_columns_is_returned(tmp_path):
    table, _ = read(write(tmp_path, "customer;amount\n1;2\n"))
    assert table.header == ("customer", "amount")


@pytest.mark.parametrize(
    "text",
    [
        '{"id": 1, "mrr": 2}\n',
        '[\n  {"id": 1}\n]\n',
        "[1, 2]\n",
        "<!DOCTYPE html>\n<html>\n",
        "  <HTML lang=en>\n",
        "<?xml version='1.0'?>\n",
    ],
)
def test_json_and_pages_are_refused_with_their_beginning(tmp_path, text):
    (finding,) = refusal(write(tmp_path, text))
    assert finding.code == "RC316"
    assert text.split()[0] in (finding.value or "")


def test_one_column_names_the_delimiters_tried(tmp_path):
    (finding,) = refusal(write(tmp_path, "Error: not logged in\ntry again\n"))
    assert finding.code == "RC318"
    assert "semicolon" in (finding.value or "")


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n", "\r\n \r\n", "\ufeff\n,,\n"])
def test_an_empty_file_is_refused(tmp_path, text):
    assert codes(refusal(write(tmp_path, text), allow_empty=True)) == ["RC301"]


@pytest.mark.parametrize("text", ["id,mrr", "id,mrr\n", "id,mrr\n\n,\n", '"id","mrr"\r\n'])
def test_a_header_only_needs_allow_empty(tmp_path, text):
    path = write(tmp_path, text)
    assert codes(refusal(path)) == ["RC302"]
    table, _ = read(path, allow_empty=True)
    assert table.frame.shape == (0, 4)


def test_duplicate_names_are_refused_with_all_positions(tmp_path):
    findings = refusal(write(tmp_path, "id,mrr,x,id,mrr,id\n1,2,3,4,5,6\n"))
    assert [(f.code, f.header, f.column) for f in findings] == [
        ("RC312", "id", 1),
        ("RC312", "mrr", 2),
    ]
    assert "1, 4, 6" in (findings[0].value or "")


def test_a_nameless_column_is_named_by_its_position(tmp_path):
    table, notes = read(write(tmp_path, ",id,mrr, \n0,a,1,\n1,b,2,\n"))
    assert table.header == ("column_1", "id", "mrr", "column_4")
    assert rows(table)[0] == ("0", "a", "1", "")
    assert codes(notes) == ["RC808"]


def test_a_made_up_name_does_not_clash(tmp_path):
    table, _ = read(write(tmp_path, ",column_1,id,mrr\n0,1,2,3\n"))
    assert table.header == ("column_1_", "column_1", "id", "mrr")


def test_mostly_nameless_columns_are_no_header(tmp_path):
    assert codes(refusal(write(tmp_path, "Report,,,\n1,2,3,4\n"))) == ["RC313"]


def test_reserved_names_are_refused(tmp_path):
    assert codes(refusal(write(tmp_path, "id,mrr,__line\n1,2,3\n"))) == ["RC314"]


def test_the_header_may_run_over_lines(tmp_path):
    table, _ = read(write(tmp_path, 'id,"monthly\r\nrevenue",mrr\r\na,1,2\r\n'))
    assert table.header == ("id", "monthly\r\nrevenue", "mrr")
    assert lines(table) == [3]


@pytest.mark.parametrize("header", ['id,"mrr', 'id,m"rr'])
def test_a_stray_quote_in_the_header_is_refused(tmp_path, header):
    assert places(refusal(write(tmp_path, header + "\n1,2\n"))) == [("RC309", 1)]


def test_too_many_columns(tmp_path):
    header = ",".join(["id", "mrr", *(f"c{number}" for number in range(10_000))])
    assert codes(refusal(write(tmp_path, header + "\n"))) == ["RC311"]
