"""Movement logs: every change of MRR with its day, added up from the first one on."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from retcalc.book.shapes.common.active_months import never_active
from retcalc.book.shapes.common.amount_columns import read_amounts
from retcalc.book.shapes.common.closing_month import closing_month
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans, row_numbers
from retcalc.book.values.dates import Days, closing_months
from retcalc.book.values.day_columns import read_days, text_of
from retcalc.book.values.locate import at
from retcalc.book.values.money import Amounts
from retcalc.book.values.words.kinds import LEVELS, SIGNS, is_known, kinds
from retcalc.book.values.words.statuses import listed
from retcalc.core.findings import Finding, raise_errors
from retcalc.core.months import format_month

_MOST = 4  # kinds in one fix


def read(sheet: Sheet) -> Spans:
    """Each change counts from its month on; what it adds up to is checked."""
    amounts, findings = read_amounts(sheet, sheet.found.columns["change"], signed=True)
    days, more = read_days(sheet.table, sheet.found.columns["month"], sheet.rules)
    findings += more
    raise_errors([*sheet.findings, *findings])
    amounts, more = _signed(sheet, amounts)
    findings += more
    log = _ordered(sheet, days, amounts)
    before, scale, more = _running(sheet, log, amounts.scale)
    findings += more
    raise_errors(findings)
    last, more = closing_month(sheet, days, sheet.found.columns["month"])
    findings += more
    begin = pl.lit(log["month"].min(), pl.Int32)
    log = log.with_columns(pl.col("amount") * 10 ** (scale - amounts.scale))
    opening = before.with_columns(begin.alias("month")).select("row", "month", "amount")
    both = pl.concat([log.select("row", "month", "amount"), opening])
    frame = both.select(
        "row", pl.col("month").alias("first"), last=pl.lit(last, pl.Int32), amount="amount"
    )
    findings += never_active(frame, last, "change")
    raise_errors(_below_zero(sheet, frame, last))
    first = min(frame.select(pl.col("first").min()).item(), last)
    return Spans(frame, scale, first, last, tuple(findings))


def _signed(sheet: Sheet, amounts: Amounts) -> tuple[Amounts, list[Finding]]:
    """Give falling movements their minus where the log writes all amounts without sign."""
    column = sheet.column("movement")
    if column is None:
        return amounts, []
    words = sheet.table.text(column)
    told = kinds(words, sheet.rules.words)
    signs = told.replace_strict(SIGNS, default=0, return_dtype=pl.Int64)
    none = told == "none"
    units = pl.select(pl.when(none).then(0).otherwise(amounts.units)).to_series().cast(pl.Int128)
    known = {kind: is_known(kind) for kind in told.unique()}
    strange = ~told.replace_strict(known, return_dtype=pl.Boolean) & (units != 0) & (told != "")
    signed = bool((units < 0).any())
    if signed:
        against = (units * signs.cast(pl.Int128)) < 0
        if against.any():
            value = f'"{words.filter(against)[0]}" goes the other way than its amount'
            fix = "correct the sign or the kind in the export"
            error = Finding("RC234", "a movement contradicts its kind", value=value, fix=fix)
            raise_errors([at(sheet.table, against, sheet.found.columns["change"], error)])
    unclear = strange if signed else (signs == 0) & (units != 0)
    raise_errors(_unknown_kinds(sheet, column, unclear, units if signed else None))
    left = [Finding("RC815", f"no movement, left out: {column} is {listed(words.filter(none))}")]
    notes = [at(sheet.table, none, column, note) for note in left if none.any()]
    if signed or not (signs < 0).any():
        return replace(amounts, units=units), notes
    text = f"amounts have no sign; {column} tells which lower the MRR"
    turned = units * signs.replace(0, 1).cast(pl.Int128)
    return replace(amounts, units=turned), [*notes, Finding("RC822", text)]


def _unknown_kinds(
    sheet: Sheet, column: str, unknown: pl.Series, signed: pl.Series | None
) -> list[Finding]:
    """Refuse kinds that nobody knows, and those that do not tell the way of an amount.

    ``signed`` are the amounts where their signs tell it.
    """
    if not unknown.any():
        return []
    found = sheet.table.text(column).filter(unknown)
    words = found.unique().sort().to_list()[:_MOST]
    if signed is None and all(word in LEVELS for word in kinds(found.unique())):
        value = f"{listed(found)} changes nothing, and an amount stands beside it"
        ways = ["--shape long   if the amounts are in force in their month"]
    elif signed is None:
        value = f"nothing tells whether {listed(found)} raises or lowers the MRR"
        ways = [_meaning(words, "expansion", "if it raises the MRR")]
        ways.append(_meaning(words, "contraction", "if it lowers it"))
    else:
        value = f"{listed(found)} in {column} is no kind of movement that is known"
        ways = [f"--ignore {shlex.quote(column)}   adds every amount by its sign"]
    ways.append(_meaning(words, "none", "leaves such rows out"))
    fix = "; ".join(ways)
    error = Finding("RC254", "a kind of movement is not known", value=value, fix=fix)
    return [at(sheet.table, unknown, column, error)]


def _meaning(words: Sequence[str], meaning: str, why: str) -> str:
    """Options that give words a meaning, ready to paste."""
    return " ".join(f"--word {shlex.quote(f'{word}={meaning}')}" for word in words) + f"   {why}"


def _ordered(sheet: Sheet, days: Days, amounts: Amounts) -> pl.DataFrame:
    """The log in the order of time; rows of one moment keep their order in the file.

    A file that begins with its latest day is read from its end.
    """
    rows = pl.DataFrame(
        {
            "row": row_numbers(len(days.days)),
            "id": sheet.ids.texts,
            "day": days.days,
            "moment": sheet.table.text(sheet.found.columns["month"]),
            "month": closing_months(days, sheet.rules.dates),
            "amount": amounts.units.cast(pl.Int128),
        }
    )
    descending = rows.height > 1 and rows["day"][0] > rows["day"][-1]
    order = pl.col("row").cast(pl.Int64) * (-1 if descending else 1)
    return rows.with_columns(order=order).sort("day", "moment", "order")


def _running(
    sheet: Sheet, log: pl.DataFrame, scale: int
) -> tuple[pl.DataFrame, int, list[Finding]]:
    """Check the log against its own running total; gives what was in force before its first row.

    The total may run per account or per subscription: the log is right when one of them fits.
    """
    nothing = log.clear().select("row", "amount")
    column = sheet.column("running")
    if column is None:
        return nothing, scale, []
    running, findings = read_amounts(sheet, column, signed=True)
    raise_errors(findings)
    finest = max(scale, running.scale)
    total = pl.DataFrame(
        {"row": row_numbers(len(running.units)), "running": running.units.cast(pl.Int128)}
    )
    lifted = pl.col("running") * 10 ** (finest - running.scale)
    checked = log.with_columns(pl.col("amount") * 10 ** (finest - scale)).join(
        total.with_columns(lifted), on="row", how="left", validate="1:1", maintain_order="left"
    )
    keys = [["id"]]
    if sheet.column("subscription") is not None:
        parts = sheet.table.text(sheet.found.columns["subscription"])
        numbered = pl.DataFrame({"row": row_numbers(len(parts)), "part": parts})
        checked = checked.join(
            numbered, on="row", how="left", validate="1:1", maintain_order="left"
        )
        keys.append(["id", "part"])
    outcomes = [(_broken(checked, key), key) for key in keys]
    broken, key = min(outcomes, key=lambda outcome: outcome[0].height)
    if broken.height:
        raise_errors([_mismatch(sheet, broken, column)])
    firsts = checked.group_by(key, maintain_order=True).first()
    before = firsts.select("row", (pl.col("running") - pl.col("amount")).alias("amount"))
    before = before.filter(pl.col("amount") != 0)
    checks = Finding("RC899", f"the changes add up to {column} in every row")
    if before.is_empty():
        return nothing, finest, [checks]
    text = f"{before.height} accounts or subscriptions have MRR before their first change"
    note = Finding("RC823", f"{text}; it counts from the first month of the log")
    return before, finest, [checks, note]


def _broken(checked: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    expected = pl.col("running").shift(1).over(key) + pl.col("amount")
    return checked.filter(expected.is_not_null() & (expected != pl.col("running")))


def _mismatch(sheet: Sheet, broken: pl.DataFrame, column: str) -> Finding:
    rows = broken.sort("row")
    mask = row_numbers(sheet.table.frame.height).is_in(rows["row"].implode())
    example = text_of(sheet.table.frame[column].filter(mask))[0]
    value = f'"{example}" is not the total before plus the change'
    fix = "complete the log: a change is missing or doubled"
    error = Finding("RC235", "the log does not add up to its own total", value=value, fix=fix)
    return at(sheet.table, mask, column, error)


def _below_zero(sheet: Sheet, frame: pl.DataFrame, last: int) -> list[Finding]:
    """Refuse an account whose changes add up to less than nothing at a month-end."""
    column, key = sheet.column("currency"), ["id", "currency"]
    currency = pl.lit("") if column is None else sheet.table.text(column)
    ids = pl.DataFrame({"row": row_numbers(len(sheet.ids.codes)), "id": sheet.ids.texts})
    changes = frame.filter(pl.col("first") <= last).join(
        ids.with_columns(currency=currency), on="row", validate="m:1"
    )
    ends = changes.group_by(*key, "first").agg(pl.col("amount").sum(), pl.col("row").max())
    ends = ends.sort(*key, "first").with_columns(pl.col("amount").cum_sum().over(key))
    below = ends.filter(pl.col("amount") < 0)
    if below.is_empty():
        return []
    mask = row_numbers(len(sheet.ids.codes)).is_in(below["row"].implode())
    value = f'"{below["id"][0]}" stands below zero at the end of {format_month(below["first"][0])}'
    fix = "complete the log: an earlier change is missing"
    error = Finding("RC236", "changes add up to less than zero", value=value, fix=fix)
    return [at(sheet.table, mask, sheet.found.columns["change"], error)]


SHAPE = Shape("movements", read, open_ended=True)
