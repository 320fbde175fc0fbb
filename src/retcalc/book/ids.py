"""Account ids: kept as the text they are, checked for what merges or splits accounts."""

from __future__ import annotations

import polars as pl

from retcalc.book.places import at
from retcalc.findings import Finding
from retcalc.read import Table

_BLANK = " \t\u00a0\r\n"
_ZERO_WIDTH = "[\u200b-\u200f\u2060\ufeff\u00ad]"
_TOTALS = ("total", "grand total", "subtotal", "sub total", "sum", "summe", "total général")
_TOTAL_NAMES = [*_TOTALS, "totals", "gesamt", "all", "overall", "insgesamt", "totale"]


def clean_ids(table: Table, column: str) -> tuple[pl.Series, list[Finding]]:
    """Give the ids as text without outer white space, and what is wrong with them."""
    raw = table.frame[column]
    text = raw.cast(pl.String).fill_null("")
    ids = text.str.strip_chars(_BLANK)
    findings: list[Finding] = []
    padded = ids.str.len_bytes() != text.str.len_bytes()
    if padded.any():
        note = Finding("RC833", "white space around ids is ignored")
        findings.append(at(table, padded, column, note))
    empty = ids == ""
    if empty.any():
        fix = "fill the id in the export, or drop the row there"
        error = Finding("RC211", "account id is empty", value='"" is no id', fix=fix)
        findings.append(at(table, empty, column, error))
    return ids, findings + _look_alikes(ids)


def is_total(ids: pl.Series) -> pl.Series:
    """Mark the rows whose id says that they are a total."""
    return ids.str.to_lowercase().str.strip_chars(" :").is_in(_TOTAL_NAMES)


def _look_alikes(ids: pl.Series) -> list[Finding]:
    unique = ids.unique().sort()
    folded = unique.str.normalize("NFKC").str.to_lowercase().str.replace_all(_ZERO_WIDTH, "")
    findings = []
    for code, how, keys in (
        ("RC834", "apart from case, accents' encoding or invisible characters", folded),
        ("RC835", "apart from leading zeros", unique.str.strip_chars_start("0")),
    ):
        if keys.n_unique() == unique.len():
            continue
        pairs = pl.DataFrame({"id": unique, "key": keys}).filter(pl.col("key").is_duplicated())
        groups = pairs.group_by("key").agg(pl.col("id").sort()).sort("key")["id"].to_list()
        shown = "; ".join(" and ".join(repr(i) for i in g) for g in groups[:3])
        more = f"; and {len(groups) - 3} more groups" if len(groups) > 3 else ""
        findings.append(Finding(code, f"ids that are the same {how} are kept apart: {shown}{more}"))
    return findings
