"""Rows: widths, quotes, blank lines and line breaks, each with its physical line."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from read.read_helpers import codes, lines, places, read, refusal, rows, write
from retcalc.read import FILE, ReadPlan, ReadRules, read_table


def test_every_row_of_wrong_width_is_listed(tmp_path):
    path = write(tmp_path, "id,mrr,plan\na,1,x\nb,2\nc,3,y,z\nd\ne,5,v,w\nf,6,u\n")
    findings = refusal(path)
    assert places(findings) == [("RC308", 3), ("RC308", 5), ("RC307", 4), ("RC307", 6)]
    assert findings[0].spots[0].value == "b,2"
    assert findings[0].value == "the row has 2 fields, the header has 3"


def test_a_long_row_does_not_make_up_for_a_short_one(tmp_path):
    rows_text = [f"{number},1,x" for number in range(20_000)]
    rows_text[11_000] += ","
    rows_text[19_000] = "19000,1"
    path = write(tmp_path, "\n".join(["id,mrr,plan", *rows_text, ""]))
    expected = {("RC307", 11_002), ("RC308", 19_002)}
    assert set(places(refusal(path))) == expected
    with pytest.raises(Exception, match="RC307"):
        read_table([path], ReadRules(), lambda header: ReadPlan(columns=header[:1]))


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_long_last_row_is_seen(tmp_path, end):
    path = write(tmp_path, "id,mrr\na,1\nb\nc,3," + end)
    assert set(places(refusal(path))) == {("RC308", 3), ("RC307", 4)}


def test_wrong_width_beside_quotes(tmp_path):
    path = write(tmp_path, 'id,mrr\n"a,b",1\n"c",2,3\n"d"\n"e\nf"\n"g\nh",1\n')
    assert places(refusal(path)) == [("RC307", 3), ("RC308", 4), ("RC308", 5)]


def test_quoted_text_is_read_as_written(tmp_path):
    path = write(tmp_path, 'id,mrr\n"a,b","1,5"\n"say ""hi""",""\n"line\nbreak",2\nx,3\n')
    table, notes = read(path)
    assert rows(table) == [("a,b", "1,5"), ('say "hi"', ""), ("line\nbreak", "2"), ("x", "3")]
    assert lines(table) == [2, 3, 4, 6]
    assert notes == ()


def test_lines_stay_physical_after_blank_and_broken_lines(tmp_path):
    path = write(tmp_path, '\nid,mrr\n\n"a\n\n\nb",1\n  \n,\nc,2\n\n')
    table, notes = read(path)
    assert rows(table) == [("a\n\n\nb", "1"), ("c", "2")]
    assert lines(table) == [4, 10]
    assert codes(notes) == ["RC804"]
    assert [spot.line for spot in notes[0].spots] == [1, 3, 8, 9, 11]


def test_a_blank_row_is_skipped_whatever_columns_are_taken(tmp_path):
    path = write(tmp_path, "id,mrr\na,1\n,\n,2\n")
    for chosen in ([], ["id"], ["mrr"], None):
        table, notes = read_table([path], ReadRules(), lambda _, c=chosen: ReadPlan(columns=c))
        assert lines(table) == [2, 4]
        assert codes(notes) == ["RC804"]


def test_an_unclosed_quote_names_the_line_that_opens_it(tmp_path):
    path = write(tmp_path, 'id,mrr\na,1\n"b,2\nc,3\nd,4\n')
    assert places(refusal(path)) == [("RC309", 3)]


def test_an_unclosed_quote_before_other_quotes(tmp_path):
    path = write(tmp_path, 'id,mrr\n"b,2\nc,3\n"d",4\n"e\nf",5\n')
    assert places(refusal(path)) == [("RC309", 2)]


@pytest.mark.parametrize("row", ['5" pipe,1', '"a"b,1', '"a" ,1', ' "a",1', '"a"","b",1'])
def test_a_stray_quote_is_refused(tmp_path, row):
    path = write(tmp_path, f'id,mrr\n"x",1\n{row}\n"y",2\n')
    assert places(refusal(path)) == [("RC309", 3)]


def test_a_quote_open_for_long_is_refused_at_its_line(tmp_path):
    path = write(tmp_path, 'id,mrr\na,1\n"b,2\n' + "c,3\n" * 600_000)
    assert places(refusal(path)) == [("RC309", 3)]


def test_a_huge_field_is_refused(tmp_path):
    path = write(tmp_path, "id,mrr\na,1\nb," + "9" * (1 << 20) + "9\n")
    assert places(refusal(path)) == [("RC310", 3)]


def test_a_trailing_delimiter_on_every_row_is_tolerated(tmp_path):
    table, notes = read(write(tmp_path, "id;mrr\na;1;\nb;2;\n"))
    assert rows(table) == [("a", "1"), ("b", "2")]
    assert codes(notes) == ["RC801", "RC807"]


def test_a_trailing_delimiter_beside_quotes_is_tolerated(tmp_path):
    table, notes = read(write(tmp_path, 'id,mrr\n"a\nb",1,\n\n"c",2,\n'))
    assert rows(table) == [("a\nb", "1"), ("c", "2")]
    assert lines(table) == [2, 5]
    assert codes(notes) == ["RC804", "RC807"]


@pytest.mark.parametrize("last", ["b,2", "b,2,3"])
def test_a_trailing_delimiter_on_some_rows_is_refused(tmp_path, last):
    findings = refusal(write(tmp_path, f"id,mrr\na,1,\n{last}\n"))
    assert ("RC307", 2) in places(findings)


@pytest.mark.parametrize("text", ["id,mrr\na,1\r\nb,2\n", "id,mrr\r\na,1\nb,2\r\n"])
def test_mixed_line_breaks_are_fine(tmp_path, text):
    table, notes = read(write(tmp_path, text))
    assert rows(table) == [("a", "1"), ("b", "2")]
    assert notes == ()


def test_carriage_returns_alone_are_line_breaks(tmp_path):
    table, notes = read(write(tmp_path, "id,mrr\ra,1\rb,2\r"))
    assert rows(table) == [("a", "1"), ("b", "2")]
    assert codes(notes) == ["RC805"]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_lone_carriage_return_is_refused(tmp_path, quote):
    path = write(tmp_path, f"id,mrr\n{quote}x{quote},1\nb\rc,2\nd,3\r\r\n")
    assert places(refusal(path)) == [("RC306", 3), ("RC306", 4)]


def test_a_carriage_return_in_quotes_is_kept(tmp_path):
    table, _ = read(write(tmp_path, 'id,mrr\n"b\rc",2\n"d\r\ne",3\n'))
    assert rows(table) == [("b\rc", "2"), ("d\r\ne", "3")]
    assert lines(table) == [2, 3]


def test_a_missing_last_line_break_is_noted(tmp_path):
    table, notes = read(write(tmp_path, "id,mrr\na,1\nb,20"))
    assert rows(table) == [("a", "1"), ("b", "20")]
    assert [(note.code, note.spots[0].line) for note in notes] == [("RC806", 3)]


def test_a_repeated_header_is_refused(tmp_path):
    path = write(tmp_path, "id,mrr\na,1\nid,mrr\nb,2\nid,mrr\n")
    assert places(refusal(path)) == [("RC319", 3), ("RC319", 5)]


def test_an_id_like_its_column_name_is_no_repeated_header(tmp_path):
    path = write(tmp_path, "id,mrr\na,1\nid,2\n")
    table, _ = read_table([path], ReadRules(), lambda _: ReadPlan(columns=["id"]))
    assert table.frame["id"].to_list() == ["a", "id"]


def test_a_mark_below_the_header_is_refused(tmp_path):
    assert places(refusal(write(tmp_path, "id,mrr\n\ufeffa,1\n"))) == [("RC328", 2)]


def test_columns_are_taken_in_the_order_of_the_file(tmp_path):
    path = write(tmp_path, "id,plan,mrr\na,x,1\n")
    table, _ = read_table([path], ReadRules(), lambda _: ReadPlan(columns=["mrr", "id"]))
    assert table.frame.columns == ["id", "mrr", "__file", "__line"]
    assert table.header == ("id", "plan", "mrr")


def test_many_columns_with_quotes(tmp_path):
    titles = ["id", "mrr", *(f"c{number}" for number in range(600))]
    good = ['"x,y"'] * 602
    text = "\n".join([",".join(titles), ",".join(good), ",".join(good[:-1]), ""])
    assert places(refusal(write(tmp_path, text))) == [("RC308", 3)]
    table, _ = read(write(tmp_path, text.rsplit("\n", 2)[0] + "\n"))
    assert rows(table) == [("x,y",) * 602]


_CELL = st.text(st.sampled_from('ab ,;"\n\té😀\u2028'), max_size=4)


@given(
    cells=st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=8),
    line_break=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from(",;\t"),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_csv_module_writes_is_read_back(tmp_path, cells, line_break, mark):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark, lineterminator=line_break)
    writer.writerow(["id", "mrr"])
    expected, at = [], []
    for row in cells:
        line = text.getvalue().count("\n") + 1
        before = text.tell()
        writer.writerow(row)
        if text.getvalue()[before:].strip(f"{mark} \t\r\n"):
            expected.append(row)
            at.append(line)
    table, _ = read(write(tmp_path, text.getvalue()), allow_empty=True, delimiter=mark)
    assert rows(table) == expected
    assert lines(table) == at
    assert table.frame[FILE].to_list() == [0] * len(expected)
