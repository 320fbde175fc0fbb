"""The month in the name of a file, such as mrr_2025-01.csv, for exports of one month a file."""

from __future__ import annotations

import re
from pathlib import Path

from retcalc.read.wording import refuse

MONTH = "month"  # the column that the rows are given
_DIGITS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d{3})")


def month_in_name(path: str) -> str | None:
    """The month that a file's name holds, as YYYY-MM; None where it holds none."""
    found = _DIGITS.search(Path(path).name)
    return f"{found[1]}-{found[2]}" if found else None


def month_of_name(path: str) -> str:
    """The month that a file's name holds, as YYYY-MM; raises RC339 where it holds none."""
    month = month_in_name(path)
    if month is None:
        fix = "name the file with its month, such as mrr_2025-01.csv"
        raise refuse("RC339", "the name of the file holds no month", path, fix=fix)
    return month
