"""Account ids: kept as the text they are, checked for what merges or splits accounts."""

from __future__ import annotations

import polars as pl

from retcalc.book.values.locate import at
from retcalc.core.findings import Finding
from retcalc.read import Distinct, Table, distinct

_BLANK = " \t\u00a0\r\n"
_FLOAT = r"^\d+\.0$"
_NO_ID = r"^(NULL|null|NaN|nan|None|\\N|NaT|<NA>|#N/A)$"
_ZERO_WIDTH = "[\u200b-\u200f\u2060\ufeff\u00ad]"
_TOTALS = ("total", "grand total", "subtotal", "sub total", "sum", "summe", "total général")
_LONGEST_TOTAL = 40  # bytes, whitespace around it included
_TOTAL_NAMES = [
    *_TOTALS,
    "totals",
    "gesamt",
    "all",
    "overall",
    "insgesamt",
    "totale",
    "gesamtergebnis",
]
_COUNTED = r"\s*\(\d[\d,.]* [^\W\d]+\)$"  # as in: Grand Totals (12 records)
_COUNTS = ("count", "record count", "anzahl")
_TOTAL_NAMES += [
    "grand totals",
    "subtotals",
    "gesamtsumme",
    "zwischensumme",
    "total mrr",
    "total revenue",
    "sub-total",
]
_PARTS_OF_TOTALS = ["total", "sum", "gesamt", "all"]  # one of them is in every name of a total
_OF_GROUPS = (
    r"(?i)^.+[ :-]total:?$|^sub[ -]?totals?[ :-].+|^total[ :-].*\b(mrr|arr|revenue|amount)$"
)
# a quick filter that no total fails
_LIKE_TOTALS = rf"(?i)^[ :]*(?:{'|'.join(sorted({name[:2] for name in _TOTAL_NAMES}))})"


def clean_ids(table: Table, column: str) -> tuple[pl.Series, list[Finding]]:
    """Give the ids as text without outer white space, and what is wrong with them."""
    ids, findings = code_ids(table, column, table.coded(column))
    return ids.texts, findings + look_alikes(ids.values)


def code_ids(table: Table, column: str, raw: Distinct) -> tuple[Distinct, list[Finding]]:
    """Code the ids without outer white space, and say what is wrong with them."""
    names = raw.values.str.strip_chars(_BLANK)
    findings: list[Finding] = []
    padded = names.str.len_bytes() != raw.values.str.len_bytes()
    if padded.any():
        note = Finding("RC833", "white space around ids is ignored")
        findings.append(at(table, raw.spread(padded), column, note))
    written = names.filter(names != "")
    floats = bool(len(written)) and bool(written.str.contains(_FLOAT).all())
    if floats:
        names = names.str.strip_suffix(".0")
        text = f"ids such as {written[0]!r} are numbers with .0 behind them, which is left out"
        findings.append(Finding("RC833", text))
    ids = raw
    if floats or padded.any():
        stripped = distinct(names)
        ids = Distinct(stripped.values, raw.spread(stripped.codes))
    empty = (names == "") | names.str.contains(_NO_ID)
    if empty.any():
        value = f'"{names.filter(empty)[0]}" is no id'
        fix = "fill the id in the export, or drop the row there"
        error = Finding("RC211", "account id is empty", value=value, fix=fix)
        findings.append(at(table, raw.spread(empty), column, error))
    return ids, findings


def is_total(ids: pl.Series) -> pl.Series:
    """Mark the ids that say that they are a total."""
    likely = ids.str.contains_any(_PARTS_OF_TOTALS, ascii_case_insensitive=True)
    if not likely.any():
        return likely
    few = _totals_among(ids.filter(likely))
    return likely.scatter(likely.arg_true().filter(~few), False)


def _totals_among(ids: pl.Series) -> pl.Series:
    grouped = ids.str.contains(_OF_GROUPS)
    plain = _plain_total(ids)
    several = int(grouped.sum()) > 1 or bool(plain.any())
    return plain | grouped if several else plain


def _plain_total(ids: pl.Series) -> pl.Series:
    likely = (ids.str.len_bytes() <= _LONGEST_TOTAL) & ids.str.contains(_LIKE_TOTALS)
    if not likely.any():
        return likely
    names = ids.str.to_lowercase().str.replace(_COUNTED, "").str.strip_chars(" :")
    return likely & names.is_in(_TOTAL_NAMES)


def is_total_or_count(cells: pl.Series) -> pl.Series:
    """Mark cells of a group line: a total, or a count of rows."""
    return _plain_total(cells) | cells.str.to_lowercase().str.strip_chars(" :").is_in(_COUNTS)


def look_alikes(unique: pl.Series) -> list[Finding]:
    """Say which ids are the same but for how they are written."""
    folded = unique.str.to_lowercase()
    if (unique.str.len_bytes() != unique.str.len_chars()).any():  # not only ASCII
        folded = unique.str.normalize("NFKC").str.to_lowercase().str.replace_all(_ZERO_WIDTH, "")
    findings = []
    for code, how, keys in (
        ("RC834", "apart from case, accents' encoding or invisible characters", folded),
        ("RC835", "apart from leading zeros", unique.str.strip_chars_start("0")),
    ):
        # the ids themselves, or as many hashes as ids: no two are alike
        if (keys == unique).all() or keys.hash().n_unique() == unique.len():
            continue
        pairs = pl.DataFrame({"id": unique, "key": keys}).filter(pl.col("key").is_duplicated())
        groups = pairs.group_by("key").agg(pl.col("id").sort()).sort("key")["id"].to_list()
        if not groups:
            continue
        shown = "; ".join(" and ".join(repr(i) for i in g) for g in groups[:3])
        findings.append(
            Finding(
                code,
                f"ids that are the same {how} are kept apart: {shown}",
            )
        )
    return findings
