"""Exact money: text or typed columns to integers of a unit of the currency.

Nothing is guessed: a value that can be read in two ways is refused with the option that settles
it. Amounts with more decimals than the minor unit are kept exactly up to ``MAX_SCALE`` decimals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from retcalc.book.rules import AmountRules, as_written
from retcalc.book.values.money.accounting import bare_number, marks
from retcalc.core.speed.packed_sort import ends
from retcalc.read import distinct

MAX_SCALE = 8
MAX_MINOR = 10**15
MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_READABLE = 25  # digits that fit 128 bits with the decimals; longer is too large anyway
_BLANK = " \t\u00a0\u202f"
_PLAIN = r"^[+-]?[0-9]+(?:\.[0-9]*)?$"  # \d would take other scripts' digits


def minor_digits(currency: str | None) -> int:
    """Digits of a currency's minor unit (ISO 4217); 2 where the currency is not known."""
    return MINOR_DIGITS.get(currency or "", 2)


@dataclass(frozen=True, slots=True)
class Minor:
    """Digits of the minor unit: of the whole column, or per row where currencies differ."""

    digits: int = 2
    per_row: pl.Series | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """Parsed amounts.

    ``units`` are integers (Int64, or Int128 where needed), 0 where not readable; a unit is
    10**-scale of the currency, split into ``parts``. ``blank``, ``bad`` and ``rounded`` are masks
    over the same rows.
    """

    units: pl.Series
    scale: int
    blank: pl.Series
    bad: pl.Series
    rounded: pl.Series
    parts: int = 1

    @property
    def per_major(self) -> int:
        """How many units make one of the currency."""
        return int(10**self.scale) * self.parts


def parse_amounts(raw: pl.Series, rules: AmountRules, digits: int) -> Amounts:
    """Read a column of amounts; ``digits`` are those of the currency's minor unit."""
    numbers = _exact_units(raw) if as_written(rules) else None
    typed = None if numbers is None else typed_amounts(*numbers, rules, digits)
    if typed is not None:
        return typed
    text = _float_text(raw) if raw.dtype.is_float() else raw.cast(pl.String).fill_null("")
    cells = distinct(text)
    values = cells.values
    if rules.style == "accounting" and not raw.dtype.is_numeric():
        rules = marks(values, rules)
        values = pl.Series([bare_number(v) or v for v in values], dtype=pl.String)
    read = _parse_texts(values, rules, digits)
    blank, bad, rounded = (cells.spread(mask) for mask in (read.blank, read.bad, read.rounded))
    return Amounts(cells.spread(read.units), read.scale, blank, bad, rounded)


def typed_amounts(units: pl.Series, scale: int, rules: AmountRules, digits: int) -> Amounts | None:
    """Amounts that are units of 10**-scale already; None for what the texts have to tell of."""
    shift = digits if rules.unit == "minor" else 0
    for target in (digits, MAX_SCALE):
        finer = target - shift - scale
        if finer < 0 and (units % 10**-finer != 0).any():
            continue
        most = max(map(abs, ends(units))) * 10 ** max(finer, 0) // 10 ** max(-finer, 0)
        if most > min(MAX_MINOR * 10 ** (target - digits), 2**62):
            return None
        read = units * 10**finer if finer > 0 else units // 10**-finer if finer < 0 else units
        none = pl.repeat(False, len(units), dtype=pl.Boolean, eager=True)
        return Amounts(read.fill_null(0), target, read.is_null(), none, none)
    return None


def _parse_texts(text: pl.Series, rules: AmountRules, digits: int) -> Amounts:
    text = text.str.strip_chars(_BLANK)
    blank = text == ""
    plain = _plain(text, rules)
    bad = ~blank & ~plain.str.contains(_PLAIN)
    plain = pl.select(pl.when(blank | bad).then(pl.lit("0")).otherwise(plain)).to_series()
    shift = digits if rules.unit == "minor" else 0
    parts = plain.str.split_exact(".", 1).struct
    whole, fraction = parts.field("field_0"), parts.field("field_1").fill_null("")
    fraction = fraction.str.strip_chars_end("0")
    longest = int(fraction.str.len_bytes().max() or 0)  # type: ignore[arg-type]
    scale = digits if longest + shift <= digits else MAX_SCALE
    kept = scale - shift
    rounded = fraction.str.len_bytes() > kept
    big = whole.str.strip_chars_start("+-0").str.len_bytes() + kept
    wide = int(big.max() or 0) > 17  # type: ignore[arg-type]
    units = _units(whole, fraction, kept, pl.Int128 if wide else pl.Int64)
    if longest > kept:
        units = units + _half_up(whole, fraction, kept).cast(units.dtype)
        units, scale = _coarser(units, scale, digits)
    beyond = (pl.lit(units).abs() - 1) // 10 ** (scale - digits) >= MAX_MINOR
    too_big = pl.select(beyond | (pl.lit(whole).str.len_bytes() > _READABLE)).to_series()
    kept_units = pl.select(pl.when(~too_big).then(pl.lit(units)).otherwise(0)).to_series()
    return Amounts(kept_units, scale, blank, bad | too_big, rounded & ~bad)


def _units(
    whole: pl.Series, fraction: pl.Series, kept: int, dtype: pl.DataType | type
) -> pl.Series:
    digits = fraction.str.slice(0, kept).str.pad_end(kept, "0")
    joined = pl.select(pl.concat_str([whole.str.slice(0, _READABLE), digits])).to_series()
    return joined.str.strip_prefix("+").cast(pl.Int128).cast(dtype)


def _half_up(whole: pl.Series, fraction: pl.Series, kept: int) -> pl.Series:
    up = fraction.str.slice(kept, 1).cast(pl.Int64, strict=False).fill_null(0) >= 5
    sign = pl.select(pl.when(whole.str.starts_with("-")).then(-1).otherwise(1)).to_series()
    return sign * up.cast(pl.Int64)


def _coarser(units: pl.Series, scale: int, digits: int) -> tuple[pl.Series, int]:
    """Drop decimals that turned out to be noise of binary floats (113.94000000000001)."""
    step, exact = 10 ** (scale - digits), pl.lit(units)
    if scale > digits and pl.select((exact % step == 0).all()).item():
        return pl.select(exact // step).to_series(), digits
    return units, scale


def _plain(text: pl.Series, rules: AmountRules) -> pl.Series:
    decimal, thousands = rules.decimal or ".", rules.thousands
    if thousands:
        mark, point = re.escape(thousands), re.escape(decimal)
        grouped = text.str.contains(rf"^[+-]?[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+(?:{point}[0-9]*)?$")
        without = text.str.replace_all(thousands, "", literal=True)
        text = pl.select(pl.when(grouped).then(without).otherwise(text)).to_series()
    if decimal == ".":
        return text
    swapped = text.str.replace_all(".", "?", literal=True)
    return swapped.str.replace_all(decimal, ".", literal=True)


def _exact_units(raw: pl.Series) -> tuple[pl.Series, int] | None:
    """Int64 units of 10**-scale and the scale of a numeric column; None where that loses any."""
    if raw.dtype.is_float():
        scaled = (raw.cast(pl.Float64) * 10**MAX_SCALE).round()
        safe = scaled.is_finite() & (scaled.abs() < 2.0**62)
        return (scaled.cast(pl.Int64), MAX_SCALE) if safe.all() else None
    scale = raw.dtype.scale if isinstance(raw.dtype, pl.Decimal) else 0
    if not raw.dtype.is_numeric():
        return None
    whole = raw.to_physical()
    if max(map(abs, ends(whole))) >= 2**62:
        return None
    return whole.cast(pl.Int64, wrap_numerical=True), scale


def _float_text(raw: pl.Series) -> pl.Series:
    """Write floats with enough decimals to be exact money; NaN and infinity stay words."""
    wide = raw.cast(pl.Float64)
    scaled = (wide * 10**MAX_SCALE).round()
    safe = wide.is_finite() & (scaled.abs() < 2.0**63)
    whole = pl.select(pl.when(safe).then(scaled).otherwise(0.0)).to_series().cast(pl.Int64)
    sign = pl.select(pl.when(whole < 0).then(pl.lit("-")).otherwise(pl.lit(""))).to_series()
    size = whole.abs()
    major = (size // 10**MAX_SCALE).cast(pl.String)
    minor = (size % 10**MAX_SCALE).cast(pl.String).str.pad_start(MAX_SCALE, "0")
    exact = pl.select(pl.concat_str([sign, major, pl.lit("."), minor])).to_series()
    return pl.select(
        pl.when(wide.is_null())
        .then(pl.lit(""))
        .when(safe)
        .then(exact)
        .otherwise(wide.cast(pl.String))
    ).to_series()


def ambiguous_point(raw: pl.Series, rules: AmountRules) -> bool:
    """Tell whether every point in the column could as well group thousands (1.234)."""
    if rules.decimal is not None or rules.thousands is not None or raw.dtype != pl.String:
        return False
    for some in (raw.head(1000), raw):  # the first rows mostly settle it
        pointed = some.filter(some.str.contains(".", literal=True))
        if not pointed.str.contains(r"^\s*[+-]?[1-9]\d{0,2}(?:\.\d{3})+\s*$").all():
            return False
    return not pointed.is_empty()
