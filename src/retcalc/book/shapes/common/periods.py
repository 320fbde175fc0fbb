"""Quarters, half-years and years: amounts that stand for several months each."""

from __future__ import annotations

import polars as pl

from retcalc.book.columns.header_errors import LENGTHS
from retcalc.book.shapes.common.amount_columns import month_share
from retcalc.book.shapes.common.shape import Sheet
from retcalc.book.values.money import Amounts
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import format_month
from retcalc.read.wording import counted


def share_of_period(sheet: Sheet, amounts: Amounts, months: int) -> Amounts:
    """The MRR behind the amounts of periods: as they are, or a month's share of their totals."""
    if sheet.rules.periods != "total":
        return amounts
    return month_share(amounts, pl.DataFrame({"times": [1], "over": [months]}))


def covered_periods(sheet: Sheet, starts: pl.Series, months: int) -> tuple[int, int, list[Finding]]:
    """First and last month of rows of periods; one between that nobody has a row in is refused."""
    known = set(starts.unique())
    first, last = min(known), max(known) + months - 1
    missing = sorted(set(range(first, last + 1, months)) - known)
    findings: list[Finding] = []
    if missing and not sheet.rules.allow_empty_months:
        value = f"nobody has a row in the {LENGTHS[months][:-1]} of {format_month(missing[0])}"
        fix = "complete the export; --allow-empty-months  counts them as zero"
        raise RetcalcError(Finding("RC233", "a month without any row", value=value, fix=fix))
    if missing:
        text = f"no row in {counted(months * len(missing), 'month')}, counted as zero"
        findings.append(Finding("RC843", text))
    if sheet.as_of is not None and first <= sheet.as_of < last:
        text = f"months after {format_month(sheet.as_of)} are left out"
        findings.append(Finding("RC842", text))
        last = sheet.as_of
    return first, last, findings


def told_of_periods(sheet: Sheet, months: int) -> Finding:
    """Say the grain, and what that means for the months."""
    what = "the MRR of each holds" if sheet.rules.periods == "mrr" else "a share of each is the MRR"
    text = f"the data is in {LENGTHS[months]}: {what} in each of its {months} months, so that what "
    return Finding("RC890", f"{text}changes shows in the first of them")
