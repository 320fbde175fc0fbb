"""Columns of a recognised table to typed cells, each with everything that is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import gcd, lcm

import polars as pl

from retcalc.book.columns.column_names import amount_meaning
from retcalc.book.rules import AmountRules
from retcalc.book.shapes.common.shape import Sheet
from retcalc.book.values.day_columns import text_of
from retcalc.book.values.locate import at
from retcalc.book.values.money import (
    MAX_SCALE,
    Amounts,
    ambiguous_point,
    explain_amount,
    is_dressed,
    marks,
    parse_amounts,
    typed_amounts,
)
from retcalc.core.choices import Unit
from retcalc.core.findings import Finding
from retcalc.read import Table

_BLANK = " \t\u00a0"
MOST_PARTS = 10**6  # amounts stay as small as with MAX_SCALE decimals of cents


def one_each(sheet: Sheet) -> Amounts:
    """The amounts of an export without any: one unit for every row of an account that is there."""
    one = pl.repeat(1, sheet.table.frame.height, dtype=pl.Int64, eager=True)
    none = pl.repeat(value=False, n=len(one), dtype=pl.Boolean, eager=True)
    return Amounts(one, 0, none, none, none)


def read_amounts(
    sheet: Sheet,
    column: str,
    *,
    signed: bool = False,
    blank_is_zero: bool = False,
    beside: Sequence[str] = (),
) -> tuple[Amounts, list[Finding]]:
    """The amounts of a column as they are written, with refusals and notes.

    ``signed`` amounts may be below zero; else a negative one is refused, or noted when allowed.
    ``beside``: all columns that are written as this one is, which tell of its marks too.
    """
    table, how = sheet.table, sheet.rules.amounts
    unit, findings = _unit(sheet, column)
    digits = sheet.minor.digits
    how = replace(how, unit=unit, allow_negative=how.allow_negative or signed)
    if how.style == "accounting":
        how = marks(_texts(table, beside or (column,)), how)
    amounts = _parsed(table, column, how, digits)
    found = _refusals(table, column, amounts, how, blank_is_zero=blank_is_zero)
    if how.style == "plain" and any(f.code == "RC214" for f in found):
        found = _offer_accounting(table, beside or (column,), how, found)
    findings += found
    negative = amounts.units < 0
    if negative.any() and how.allow_negative and not signed:
        note = Finding("RC840", "negative amounts count as not active")
        findings.append(at(table, negative, column, note))
    if amounts.rounded.any():
        text = f"amounts with more than {MAX_SCALE} decimals are rounded half-up there"
        findings.append(at(table, amounts.rounded, column, Finding("RC838", text)))
    elif amounts.scale > digits:
        text = f"amounts of {column} are finer than the minor unit; kept exactly"
        findings.append(Finding("RC839", text))
    if unit == "minor" and sheet.minor.per_row is not None:
        lifted = 10 ** (digits - sheet.minor.per_row.cast(pl.Int64))
        amounts = month_share(amounts, pl.DataFrame({"times": lifted, "over": 1}))
    return amounts, findings


def _texts(table: Table, columns: Sequence[str]) -> list[str]:
    """The different texts of columns."""
    return [text for column in columns for text in table.text(column).unique().sort()]


def _offer_accounting(
    table: Table, beside: Sequence[str], how: AmountRules, found: list[Finding]
) -> list[Finding]:
    """Name accounting style as the fix where all amounts are written in it."""
    texts = _texts(table, beside)
    if not any(map(is_dressed, texts)):
        return found
    style = marks(texts, replace(how, style="accounting", decimal=None, thousands=None))
    options, config = "--amounts accounting", "style: accounting"
    if style.decimal is None and any("," in text for text in texts):
        style = replace(style, thousands=",")
        options += ' --thousands ","'
        config += ', thousands: ","'
    read = parse_amounts(pl.Series(texts, dtype=pl.String), style, 2)
    if read.bad.any():
        return found
    if (read.units < 0).any() and not how.allow_negative:
        options += " --allow-negative"
        config += ", negative: allow"
    fix = f"{options}   or in retcalc.yaml  amounts: {{{config}}}"
    return [replace(f, fix=fix) if f.code == "RC214" else f for f in found]


def _parsed(table: Table, column: str, how: AmountRules, digits: int) -> Amounts:
    scale = table.scales.get(column)
    known = None if scale is None else typed_amounts(table.frame[column], scale, how, digits)
    return known or parse_amounts(table.column(column), how, digits)


def _unit(sheet: Sheet, column: str) -> tuple[Unit, list[Finding]]:
    """Whether amounts are cents: as the user says, as the known export writes, else not."""
    given, preset = sheet.rules.amounts.unit, sheet.found.preset
    if given is not None:
        return given, []
    if amount_meaning(column).cents:
        text = f"amounts of {column} are in the minor unit (cents), as the header says"
        return "minor", [Finding("RC899", text)]
    if preset is None or preset.unit is None:
        return "major", []
    if _has_decimals(sheet, column):
        if preset.unit == "either":
            return "major", []
        text = f"{preset.name} writes cents, but cells of {column} have decimals:"
        note = Finding("RC899", f"{text} they are no cents", fix="--unit minor  where they are")
        return "major", [note]
    if preset.unit == "minor":
        text = f"amounts of {column} are in the minor unit (cents), as {preset.name} writes them"
        return "minor", [Finding("RC899", text)]
    value = f"no value of {column} has decimals; {preset.name} writes cents in some exports"
    fix = "--unit minor  (cents)  or  --unit major   or in retcalc.yaml  amounts: {unit: minor}"
    error = Finding("RC216", "amounts may be in cents", value=value, fix=fix)
    return "major", [at(sheet.table, text_of(sheet.table.column(column)) != "", column, error)]


def _has_decimals(sheet: Sheet, column: str) -> bool:
    """Tell whether cells are written as money is, with decimals; 100.0 is how floats are."""
    raw = sheet.table.column(column)
    mark = re.escape(sheet.rules.amounts.decimal or ".")
    return bool(text_of(raw).str.contains(rf"{mark}(?:\d*[1-9]|\d\d)").any())


def times_quantity(sheet: Sheet, column: str, amounts: Amounts) -> tuple[Amounts, list[Finding]]:
    """Multiply the price of one unit by the quantity; a plain amount beside one is asked about."""
    quantity, rule = sheet.column("quantity"), sheet.rules.billing.quantity
    if quantity is None:
        return amounts, []
    units, findings = read_counts(sheet, quantity, blank=1)
    named = "quantity" in sheet.rules.columns or sheet.found.preset is not None
    more = units["times"] != units["over"]
    if rule == "ignore":
        text = f"{column} is not multiplied by {quantity} (--quantity ignore)"
        return amounts, [*findings, Finding("RC899", text)]
    if rule == "multiply" or named or amount_meaning(column).per_unit or not more.any():
        multiplied = Finding("RC899", f"{column} is multiplied by {quantity}")
        return month_share(amounts, units), [*findings, multiplied]
    value = f"nothing tells whether {column} is for one of {quantity} or for all of them"
    fix = "--quantity multiply  (for one)  or  --quantity ignore  (for all)"
    fix += "   or in retcalc.yaml  billing: {quantity: multiply}"
    error = Finding("RC258", "the amount may be for one unit", value=value, fix=fix)
    return amounts, [*findings, at(sheet.table, more, quantity, error)]


def _refusals(
    table: Table, column: str, amounts: Amounts, how: AmountRules, *, blank_is_zero: bool
) -> list[Finding]:
    raw, findings = table.frame[column], []
    if amounts.blank.any() and not blank_is_zero:
        fix = "write 0 for an account that pays nothing, or drop the row"
        error = Finding("RC213", "amount is empty", value='"" is no amount', fix=fix)
        findings.append(at(table, amounts.blank, column, error))
    if amounts.bad.any():
        example = table.filter(amounts.bad).text(column)[0]
        findings.append(at(table, amounts.bad, column, explain_amount(example, how)))
    if ambiguous_point(raw, how):
        pointed = raw.str.contains(".", literal=True)
        findings.append(at(table, pointed, column, explain_amount(raw.filter(pointed)[0], how)))
    negative = amounts.units < 0
    if negative.any() and not how.allow_negative:
        value = f'"{table.filter(negative).text(column)[0]}" is below zero'
        fix = "--allow-negative   counts such an account as not active; else correct the export"
        error = Finding("RC215", "amount is negative", value=value, fix=fix)
        findings.append(at(table, negative, column, error))
    return findings


def month_share(amounts: Amounts, factors: pl.DataFrame) -> Amounts:
    """Multiply each amount by times/over, in the coarsest unit that holds every share exactly.

    ``factors`` has the columns times and over and a row per amount, or one row for all. Where the
    unit would have to be split too finely, as by many odd numbers of days, shares are rounded at
    ``MAX_SCALE`` decimals.
    """
    times, over = (pl.lit(factors[n].cast(pl.Int128)) for n in ("times", "over"))
    product = pl.lit(amounts.units.cast(pl.Int128)) * times
    if pl.select((product % over == 0).all()).item():
        return replace(amounts, units=pl.select(product // over).to_series())
    parts = _parts(factors)
    if amounts.parts * parts <= MOST_PARTS:
        units = pl.select(product * parts // over).to_series()
        return replace(amounts, units=units, parts=amounts.parts * parts)
    finer, over = product * 10 ** (MAX_SCALE - amounts.scale), over * amounts.parts
    half_up = pl.select((2 * finer + over) // (2 * over)).to_series()
    return replace(amounts, units=half_up, scale=MAX_SCALE, parts=1)


def _parts(factors: pl.DataFrame) -> int:
    """Into how many parts a unit is split so that every share of it is whole."""
    parts = 1
    for times, over in factors.select("times", "over").unique().iter_rows():
        parts = lcm(parts, over // gcd(times, over))
        if parts > MOST_PARTS:
            break
    return parts


def annual_share(amounts: Amounts, column: str) -> tuple[Amounts, list[Finding]]:
    """Bring annual amounts to a month's share; others are taken as they are."""
    if amount_meaning(column).grain != "year":
        return amounts, []
    note = Finding("RC890", f"{column} is annual: a twelfth of it is the MRR")
    return month_share(amounts, pl.DataFrame({"times": [1], "over": [12]})), [note]


def read_counts(sheet: Sheet, column: str, *, blank: int) -> tuple[pl.DataFrame, list[Finding]]:
    """Positive numbers such as quantities, exactly, as times and over; ``blank`` where empty."""
    raw = sheet.table.text(column).str.strip_chars(_BLANK)
    mark = sheet.rules.amounts.decimal or "."
    plain = raw.str.replace(mark, ".", literal=True)
    bad = (raw != "") & ~plain.str.contains(r"^[0-9]{1,9}(\.[0-9]{1,4})?$")
    parts = pl.select(pl.when(bad | (raw == "")).then(pl.lit(str(blank))).otherwise(plain))
    halves = parts.to_series().str.split_exact(".", 1).struct
    fraction = halves.field("field_1").fill_null("").str.pad_end(4, "0")
    units = (halves.field("field_0") + fraction).cast(pl.Int64)
    whole = pl.DataFrame({"times": units, "over": pl.repeat(10**4, len(raw), eager=True)})
    if not bad.any():
        return whole, []
    value = f'"{raw.filter(bad)[0]}" is no positive number'
    error = Finding("RC246", "not a number", value=value, fix="correct the value in the export")
    return whole, [at(sheet.table, bad, column, error)]


def read_words(
    sheet: Sheet, column: str, known: Mapping[str, bool], error: Finding
) -> tuple[pl.Series, list[Finding]]:
    """A column of yes and no in the words of ``known``; others are refused as ``error`` says."""
    words = sheet.table.text(column).str.strip_chars(_BLANK).str.to_lowercase()
    bad = ~words.is_in(list(known))
    truth = words.replace_strict(dict(known), default=False, return_dtype=pl.Boolean)
    if not bad.any():
        return truth, []
    value = f'"{words.filter(bad)[0]}" is none of {", ".join(known)}'
    return truth, [at(sheet.table, bad, column, replace(error, value=value))]
