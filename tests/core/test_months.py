"""Windows the data cannot fill, windows nobody asked for, and months by hand."""

from datetime import date

import pytest

from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import (
    Window,
    WindowRule,
    first_day,
    format_month,
    last_day,
    month_index,
    months_of_length,
    parse_month,
    resolve_window,
)

FIRST, LAST = parse_month("2024-01"), parse_month("2024-06")

HALF_YEAR = "the data covers 2024-01 to 2024-06"


def refused(text, first, as_of, *, open_ended=False):
    with pytest.raises(RetcalcError) as error:
        resolve_window(
            WindowRule(text),
            parse_month(first),
            LAST,
            None if as_of is None else parse_month(as_of),
            open_ended=open_ended,
        )
    (finding,) = error.value.findings
    return finding


@pytest.mark.parametrize(
    ("text", "first", "as_of", "opening", "fix"),
    [
        ("6m", "2024-01", None, "2023-12", "--window 5m"),
        ("12m", "2024-01", None, "2023-06", "--window 5m"),
        ("2q", "2024-01", None, "2023-12", "--window 5m"),
        ("1y", "2024-01", "2024-03", "2023-03", "--window 2m"),
        ("1m", "2024-06", None, "2024-05", "leave --window out"),
        ("ytd", "2024-01", "2024-02", "2023-12", "--window 1m"),
        ("3m", "2024-01", "2024-01", "2023-10", "leave --window out"),
    ],
)
def test_a_window_that_opens_before_the_data(text, first, as_of, opening, fix):
    """The longest window there is reaches from the first month to the closing one."""
    told = refused(text, first, as_of)
    covered = f"the data covers {first} to 2024-06"
    message = f"the window {text} opens at {opening}, before the data"
    assert told == Finding("RC152", message, value=covered, fix=fix)


@pytest.mark.parametrize(
    ("as_of", "open_ended"), [("2024-07", False), ("2023-12", False), ("2023-12", True)]
)
def test_a_month_the_data_does_not_have(as_of, open_ended):
    told = refused("1m", "2024-01", as_of, open_ended=open_ended)
    message = f"there is no month {as_of} in the data"
    assert told == Finding("RC151", message, value=HALF_YEAR, fix="--as-of 2024-06")


@pytest.mark.parametrize(
    ("text", "as_of", "open_ended", "span"),
    [
        ("5m", None, False, "2024-01 to 2024-06"),
        ("1q", "2024-04", False, "2024-01 to 2024-04"),
        ("1m", "2024-02", False, "2024-01 to 2024-02"),
        ("2m", "2024-08", True, "2024-06 to 2024-08"),
        (" 2M ", "2024-06", True, "2024-04 to 2024-06"),
    ],
)
def test_windows_that_just_fit(text, as_of, open_ended, span):
    closing = None if as_of is None else parse_month(as_of)
    found = resolve_window(WindowRule(text), FIRST, LAST, closing, open_ended=open_ended)
    assert (str(found[0]), found[1]) == (span, [])


@pytest.mark.parametrize(
    ("months", "usual", "span", "note"),
    [
        (13, 12, "2023-06 to 2024-06", None),
        (14, 12, "2023-06 to 2024-06", None),
        (12, 12, "2023-07 to 2024-06", "2023-07 to 2024-06: the window is 11 months, not 12"),
        (3, 12, "2024-04 to 2024-06", "2024-04 to 2024-06: the window is 2 months, not 12"),
        (2, 12, "2024-05 to 2024-06", "2024-05 to 2024-06: the window is 1 month, not 12"),
        (1, 12, "2024-05 to 2024-06", "2024-06 to 2024-06: the window opens before it, at zero"),
        (2, 1, "2024-05 to 2024-06", None),
        (3, 1, "2024-05 to 2024-06", None),
    ],
)
def test_the_window_nobody_asked_for(months, usual, span, note):
    """It is the usual one, or as long as the data; ``months`` are those with rows."""
    found = resolve_window(
        WindowRule(), LAST - months + 1, LAST, None, open_ended=False, usual=usual
    )
    notes = [] if note is None else [Finding("RC894", f"the data covers {note}")]
    assert (str(found[0]), found[1]) == (span, notes)


def test_the_usual_window_is_a_year():
    window, notes = resolve_window(WindowRule(), FIRST - 24, LAST, None, open_ended=False)
    assert (window.months, notes) == (12, [])


@pytest.mark.parametrize(
    ("text", "months"),
    [("1m", 1), ("999m", 999), ("1q", 3), ("4q", 12), ("1y", 12), ("10y", 120), (" 2Y ", 24)],
)
def test_lengths(text, months):
    assert months_of_length(text, "") == months


@pytest.mark.parametrize("text", ["0m", "0y", "1000m", "-1m", "12", "m", "1.5y", "1w", "1m 1q"])
def test_what_is_no_length(text):
    with pytest.raises(RetcalcError) as error:
        months_of_length(text, "--window 12m")
    value = "a window is months, quarters or years"
    (told,) = error.value.findings
    assert told == Finding("RC153", f"{text!r} is not a window", value=value, fix="--window 12m")


@pytest.mark.parametrize("text", ["2024-00", "2024-13", "2024-1", "24-01", "2024-01-01", "٢٠٢٤-01"])
def test_what_is_no_month(text):
    with pytest.raises(ValueError, match="is not a month like 2026-10"):
        parse_month(text)


@pytest.mark.parametrize(
    ("text", "index", "first", "last"),
    [
        ("2024-01", 24288, date(2024, 1, 1), date(2024, 1, 31)),
        ("2024-02", 24289, date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", 24287, date(2023, 12, 1), date(2023, 12, 31)),
        ("0999-11", 11998, date(999, 11, 1), date(999, 11, 30)),
    ],
)
def test_months_are_numbered(text, index, first, last):
    """2024 times 12 is 24,288: January is that, December before it one less."""
    assert parse_month(text) == index == month_index(first.year, first.month)
    assert (first_day(index), last_day(index)) == (first, last)
    assert format_month(index) == text
    assert Window(index - 3, index).months == 3


@pytest.mark.parametrize(
    ("text", "closing", "start", "opening"),
    [
        ("ytd", "2026-03", 1, "2025-12"),
        ("ytd", "2026-01", 1, "2025-12"),
        ("ytd", "2026-12", 1, "2025-12"),
        ("qtd", "2026-02", 1, "2025-12"),
        ("qtd", "2026-04", 1, "2026-03"),
        ("qtd", "2026-09", 1, "2026-06"),
        ("fytd", "2026-03", 2, "2026-01"),
        ("fytd", "2026-01", 2, "2025-01"),
        ("fqtd", "2026-03", 2, "2026-01"),
        ("fqtd", "2026-05", 2, "2026-04"),
        ("3m", "2026-03", 1, "2025-12"),
        ("2q", "2026-03", 1, "2025-09"),
        ("1y", "2026-03", 1, "2025-03"),
    ],
)
def test_windows_by_the_calendar(text, closing, start, opening):
    first, last = parse_month("2024-01"), parse_month("2026-12")
    asked = parse_month(closing)
    window, notes = resolve_window(WindowRule(text, start), first, last, asked, open_ended=False)
    assert (format_month(window.opening), format_month(window.closing)) == (opening, closing)
    assert notes == []
