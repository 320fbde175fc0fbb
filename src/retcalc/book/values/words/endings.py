"""Words of any kind, plan or status that end what an account paid."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from retcalc.book.values.words.kinds import is_over, kinds
from retcalc.book.values.words.statuses import classes
from retcalc.core.choices import Meaning

_ENDS = (
    r"(?i)[_ .-](churn(ed)?|cancel(l?ed|lation)?|kündigung)$|^(churn|cancel(l?ed|lation)?)[_ .-]"
)
_NO_PLAN = frozenset(("none", "end", "no_plan", "without_plan", "kein_plan", "keine", "sans_plan"))


def ends_it(words: pl.Series, given: Mapping[str, Meaning]) -> pl.Series:
    """Mark words of a kind, plan or status that say that nothing is paid from here on, or yet."""
    different = words.unique()
    folded = kinds(different, given)
    over = [
        is_over(kind) or kind in _NO_PLAN or status in ("none", "ended", "paused")
        for kind, status in zip(folded, classes(different.to_list(), given), strict=True)
    ]
    told = pl.Series(over, dtype=pl.Boolean) | different.str.strip_chars().str.contains(_ENDS)
    return words.replace_strict(different, told, return_dtype=pl.Boolean)
