"""The month in the name of a file, such as mrr_2025-01.csv, for exports of one month a file."""

from __future__ import annotations

import re
from pathlib import Path

from retcalc.core.months import format_month, month_index
from retcalc.core.months.written import month_of_text
from retcalc.read.wording import refuse

MONTH = "month"  # the column that the rows are given
_YEAR_FIRST = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_. m]?(0[1-9]|1[0-2])(?!\d{3})(?:[-_.]?[0-3]\d(?!\d))?"
)
_MONTH_FIRST = re.compile(r"(?<!\d)(0[1-9]|1[0-2])[-_. ]?((?:19|20)\d\d)(?!\d)")
_GAP = r"[-_. ']*"
_NAMED = (
    re.compile(rf"(?<!\d)((?:19|20)\d\d){_GAP}([^\W\d_]{{3,10}})"),
    re.compile(rf"([^\W\d_]{{3,10}}){_GAP}((?:19|20)\d\d)(?!\d)"),
    re.compile(rf"(?<![^\W\d_])([^\W\d_]{{3,10}}){_GAP}(\d\d)(?!\d)"),
)


def months_in_name(path: str) -> list[str]:
    """The months that a file's name holds, each as YYYY-MM, in order."""
    name = Path(path).name.lower()
    found = {month_index(int(m[1]), int(m[2])) for m in _YEAR_FIRST.finditer(name)}
    left = _YEAR_FIRST.sub(" ", name)
    found |= {month_index(int(m[2]), int(m[1])) for m in _MONTH_FIRST.finditer(left)}
    left = _MONTH_FIRST.sub(" ", left)
    for pattern in _NAMED:
        months = (month_of_text(f"{m[1]} {m[2]}") for m in pattern.finditer(left))
        named = {month for month in months if month is not None}
        if named:
            found |= named
            break
    return [format_month(month) for month in sorted(found)]


def month_in_name(path: str) -> str | None:
    """The month that a file's name holds, as YYYY-MM; None where it holds none or several."""
    found = months_in_name(path)
    return found[0] if len(found) == 1 else None


def month_of_name(path: str) -> str:
    """The month that a file's name holds, as YYYY-MM; raises RC339 where it does not hold one."""
    found = months_in_name(path)
    if len(found) == 1:
        return found[0]
    fix = "name the file with its month, such as mrr_2025-01.csv"
    if found:
        message = "the name of the file holds more than one month"
        raise refuse("RC339", message, path, value=f"it holds {', '.join(found)}", fix=fix)
    raise refuse("RC339", "the name of the file holds no month", path, fix=fix)
