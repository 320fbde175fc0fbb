"""Months and days as people and programs write them, with the names of months in eleven languages.

English, German (Austrian too), French, Spanish, Italian, Portuguese, Dutch, Danish, Norwegian,
Swedish and Polish; headers, cells and names of files are read by the same spellings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from retcalc.core.months import month_index

_NAMES = (
    "jan januar january janvier janv janner jaenner enero ene gennaio gen janeiro januari styczen "
    "stycznia sty",
    "feb februar february fevrier fevr fev feber febrero febbraio fevereiro februari luty lutego "
    "lut",
    "mar marz march mars marzo marco maart mrt maerz mrz marts marzec marca",
    "apr april avril avr abril abr aprile kwiecien kwietnia kwi",
    "may mai mayo maggio mag maio mei maj maja",
    "jun juni june juin junio giugno giu junho czerwiec czerwca cze",
    "jul juli july juillet juil julio luglio lug julho lipiec lipca lip",
    "aug august aout agosto ago augustus augusti sierpien sierpnia sie",
    "sep sept september septembre septiembre settembre set setembro wrzesien wrzesnia wrz",
    "oct okt october oktober octobre octubre ottobre ott outubro out pazdziernik pazdziernika paz",
    "nov november novembre noviembre novembro listopad listopada lis",
    "dec dez december dezember decembre diciembre dic dicembre dezembro des desember grudzien "
    "grudnia gru",
)
_MONTH_OF = {name: month for month, names in enumerate(_NAMES, 1) for name in names.split()}
_UNACCENTED = str.maketrans(
    "áàâäãåéèêëíìîïóòôöõøúùûüçñºńśźżłęą", "aaaaaaeeeeiiiioooooouuuucnonszzlea"
)
_AROUND = r"(?:mrr|revenue|amount|recurring|sum|usd|eur|gbp|monthly|actuals?|of)"
_GAP = r"(?:[\s\-_/.,']|\bd(?:e|el|o)\b|\bof\b)*"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_NAME = r"(?P<name>[a-z]{3,12})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|o|a)?"
_MONTHS = (  # each has a digit
    rf"{_YEAR}[-/._ ]?m?(?P<month>0[1-9]|1[0-2])",
    rf"{_YEAR}[-/._ ]{_MONTH}",
    rf"m?{_MONTH}[-/._ ]{_YEAR}",
    rf"{_NAME}{_GAP}{_YEAR}",
    rf"{_YEAR}{_GAP}{_NAME}",
    rf"{_NAME}{_GAP}(?P<short>\d\d)",
    rf"{_YEAR}年(?P<month>0?[1-9]|1[0-2])月",
)
_DAYS = (
    rf"{_YEAR}(?P<mark>[-/.]){_MONTH}(?P=mark)(?P<day>\d{{1,2}})",
    rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)",
)
_WEEKDAY = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mie|jue|"
    r"vie|sab|dom|gio|seg|ter|qua|qui|sex|ma|wo|vr|za|zo)[a-z-]*[.,]*\s+)?"
)
_NAMED_DAYS = (
    rf"{_WEEKDAY}{_DAY}{_GAP}{_NAME}{_GAP}{_YEAR}",
    rf"{_WEEKDAY}{_DAY}[ -]{_NAME}[ -](?P<short>\d\d)",
    rf"{_WEEKDAY}{_NAME}{_GAP}{_DAY}[,\s]+{_YEAR}",
)
_PERIODS = (
    rf"(?P<kind>[qths])(?P<number>[1-4]){_GAP}(?:{_YEAR}|(?P<short>\d\d))",
    rf"(?P<number>[1-4])(?P<kind>[qt]){_GAP}(?:{_YEAR}|(?P<short>\d\d))",
    rf"{_YEAR}{_GAP}(?P<kind>[qths])(?P<number>[1-4])",
    rf"(?:(?:fy|cy|year){_GAP})?{_YEAR}",
    rf"(?:fy|cy){_GAP}(?P<short>\d\d)",
)
_MAY_BE_PERIOD = re.compile(r"[qths]|\A\D*\d{2,4}\D*\Z")  # told fast: most texts are none
_LENGTH = {"q": 3, "t": 3, "h": 6, "s": 6}
_TIME = re.compile(
    r"(?:[,\s]+(?:at\s+)?|T)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?\Z"
)
_MIDNIGHT = re.compile(r"(?:[T\s]+|,\s*)0?0:00(?::00(?:[.,]0+)?)?\s*(?:Z|UTC)?\Z")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.]((?:19|20)?\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class NumericDay:
    """Three numbers such as 1/31/2024, the year last: day or month comes first.

    ``mark`` stands between them; ``short``: the year is written with two digits.
    """

    first: int
    second: int
    year: int
    mark: str
    short: bool


def month_number(word: str) -> int | None:
    """The number of a month by its name, in any of the languages; None for other words."""
    return _MONTH_OF.get(_folded(word).strip(" ."))


def month_of_text(text: str) -> int | None:
    """Month index of a text such as ``Jan-24``, ``01/2024`` or ``janeiro de 2024``; else None."""
    match = _first_match(_surrounded, _MONTHS, _folded(text))
    return _month(match) if match else None


def month_of_header(text: str) -> int | None:
    """Month index of a header: a month, or one day of it at midnight, among words such as MRR."""
    bare = _MIDNIGHT.sub("", text.strip())
    match = _first_match(_surrounded, (*_DAYS, *_MONTHS, *_NAMED_DAYS), _folded(bare))
    return _month(match) if match else None


def period_of_text(text: str) -> tuple[int, int] | None:
    """First month and months of a quarter, half-year or year such as ``Q1 2024`` or ``FY22``."""
    folded = _folded(text)
    if not _MAY_BE_PERIOD.search(folded):
        return None
    match = _first_match(_surrounded, _PERIODS, folded, of=_period)
    return _period(match) if match else None


def bare_month(text: str) -> int | None:
    """The number of a month named without a year, such as ``Jan`` or ``MRR March``; else None."""
    words = re.findall("[a-z]+", _folded(text))
    if re.search("[0-9]", text) or not any(word in _MONTH_OF for word in words):
        return None
    index = month_of_text(f"2000 {text.strip()}") or month_of_text(f"{text.strip()} 2000")
    return None if index is None else index % 12 + 1


def named_day(text: str) -> date | None:
    """The day of a text with the name of its month, such as ``1 de enero de 2024``; else None.

    Raises ValueError for a day that its month does not have.
    """
    match = _first_match(_plain, _NAMED_DAYS, _folded(text))
    index = _month(match) if match else None
    if match is None or index is None:
        return None
    return date(index // 12, index % 12 + 1, int(match["day"]))


def numeric_day(text: str) -> NumericDay | None:
    """The numbers of a day such as ``1/31/2024 0:00``, whose order is open; else None."""
    match = _NUMERIC.fullmatch(without_time(text.strip()))
    if match is None:
        return None
    year = int(match[4])
    return NumericDay(
        int(match[1]), int(match[3]), year + 2000 * (year < 100), match[2], short=year < 100
    )


def without_time(text: str) -> str:
    """A day without the time of day behind it."""
    return _TIME.sub("", text)


def english(text: str) -> str:
    """The text with each name of a month in its English short form."""

    def name(match: re.Match[str]) -> str:
        number = month_number(match[0])
        return match[0] if number is None else _ENGLISH[number - 1]

    return re.sub(r"[^\W\d_]{3,}", name, text)


_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _folded(text: str) -> str:
    return re.sub(r"[_()\[\]]+", " ", text.lower().translate(_UNACCENTED)).strip()


def _period(match: re.Match[str]) -> tuple[int, int] | None:
    parts = match.groupdict()
    if "kind" not in parts:
        return month_index(_year(parts), 1), 12
    months, number = _LENGTH[parts["kind"]], int(parts["number"])
    return (
        (month_index(_year(parts), 1) + (number - 1) * months, months)
        if number * months <= 12
        else None
    )


def _first_match(
    pattern_of: Callable[[str], re.Pattern[str]],
    spellings: tuple[str, ...],
    text: str,
    of: Callable[[re.Match[str]], object] | None = None,
) -> re.Match[str] | None:
    """The first spelling that the text fits, with a month, or what else ``of`` gives, in it."""
    if not re.search("[0-9]", text):
        return None
    found = (pattern_of(spelling).fullmatch(text) for spelling in spellings)
    return next((m for m in found if m is not None and (of or _month)(m) is not None), None)


def _year(parts: dict[str, str]) -> int:
    return int(parts["year"]) if parts.get("year") else 2000 + int(parts["short"])


def _month(match: re.Match[str]) -> int | None:
    parts = match.groupdict()
    year = _year(parts)
    name = parts.get("name")
    month = _MONTH_OF.get(name) if name else int(parts["month"])
    return month_index(year, month) if month else None


@cache  # compiled when first needed: most files need few of them
def _surrounded(spelling: str) -> re.Pattern[str]:
    """A spelling with words such as MRR before or behind it."""
    return re.compile(rf"(?:{_AROUND}\b{_GAP})*(?:{spelling})(?:{_GAP}\b{_AROUND})*", re.ASCII)


@cache
def _plain(spelling: str) -> re.Pattern[str]:
    return re.compile(spelling, re.ASCII)
