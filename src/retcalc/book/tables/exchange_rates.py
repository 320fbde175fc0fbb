"""Currencies: which ones a table holds, the rates between them, and exact conversion."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod

import polars as pl

from retcalc.book.columns.amount_names import in_one_currency
from retcalc.book.columns.column_names import MONTH, ROLES, amount_meaning, normalise
from retcalc.book.columns.recognise import Recognised
from retcalc.book.rules import BookRules
from retcalc.book.values.dates import closing_months
from retcalc.book.values.day_columns import read_days
from retcalc.book.values.locate import at
from retcalc.book.values.money import MAX_SCALE, Minor, minor_digits
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import format_month
from retcalc.core.speed.packed_sort import ends
from retcalc.read import Table

_RATE = ("rate", "exchange_rate", "fx_rate", "fx", "value", "conversion_rate")
_PARTS = {
    "month": (*MONTH[0], *MONTH[1]),
    "currency": (*ROLES["currency"][0], "code", "from_currency", "from"),
    "rate": _RATE,
}
_FACTORS = ("native", "times")
_DIGITS = 9  # before and after the decimal point of a rate


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currency of each row (None for a single one), the codes present, the report's."""

    codes: pl.Series | None
    present: tuple[str, ...]
    report: str | None

    @property
    def convert(self) -> bool:
        """True when an amount is in another currency than the report."""
        return self.codes is not None

    @property
    def minor(self) -> Minor:
        """Digits of the minor unit; per row where the currencies differ in them."""
        if self.codes is None:
            return Minor(minor_digits(self.report))
        digits = {code: minor_digits(code) for code in self.present}
        most = max(*digits.values(), minor_digits(self.report))
        if set(digits.values()) == {most}:
            return Minor(most)
        return Minor(most, self.codes.replace_strict(digits, return_dtype=pl.Int64))


@dataclass(frozen=True, slots=True)
class Rates:
    """Value of one unit in the reporting currency: integers of 10**-digits by code and month."""

    units: Mapping[tuple[str, int], int]
    digits: int
    file: str

    def frame(self) -> pl.DataFrame:
        """The same as a table: currency, month, times."""
        keys = sorted(self.units)
        return pl.DataFrame(
            {
                "currency": [code for code, _ in keys],
                "month": [month for _, month in keys],
                "times": [self.units[key] for key in keys],
            },
            schema={"currency": pl.String, "month": pl.Int32, "times": pl.Int64},
        )


def read_currencies(
    table: Table, found: Recognised, rules: BookRules, *, rates: bool
) -> tuple[Currencies, list[Finding]]:
    """The currencies of a table; several need a rates file and a reporting currency."""
    column, report = found.columns.get("currency"), rules.currency
    if column is None:
        return Currencies(None, (), report), []
    amount = found.columns.get("mrr")
    converted = amount_meaning(amount).currency if amount else None
    codes = table.text(column).str.strip_chars().str.to_uppercase()
    present = tuple(code for code in codes.unique().sort().to_list() if code)
    wanted = report or (present[0] if present else None)
    if all(code == wanted for code in present):
        return Currencies(None, present, wanted), []
    if converted is not None and report in (None, converted):
        text = f"{amount} is in {converted} already, as its name says; {column} converts nothing"
        return Currencies(None, (converted,), converted), [Finding("RC899", text)]
    if amount and converted is None and in_one_currency(normalise(amount)):
        text = f"{amount} is in one currency, as its name says; {column} converts nothing"
        return Currencies(None, (report,) if report else (), report), [Finding("RC899", text)]
    if not rates:
        return Currencies(None, present, wanted), [
            _mixed(table, found, codes, present, wanted, report)
        ]
    findings = []
    if report is None:
        fix = "--currency USD   or in retcalc.yaml  currency: {report: USD}"
        text = "rates are given, but no currency to report in"
        findings.append(Finding("RC178", text, fix=fix))
    if (codes == "").any():
        fix = "fill it in the export"
        error = Finding("RC230", "currency is empty", value='"" is no currency', fix=fix)
        findings.append(at(table, codes == "", column, error))
    return Currencies(codes, present, wanted), findings


def _mixed(
    table: Table,
    found: Recognised,
    codes: pl.Series,
    present: Sequence[str],
    wanted: str | None,
    report: str | None,
) -> Finding:
    what = f"the column holds {', '.join(present)}" + (
        f"; the report is in {report}" if report else ""
    )
    column, amount = found.columns["currency"], found.columns.get("mrr")
    chosen = wanted if wanted in present else present[0]
    written = table.text(column).filter(codes == chosen)
    filters = shlex.quote(f"{column}={written[0] if len(written) else chosen}")
    fix = f"--where {filters}   keeps that currency; or --fx RATES.csv --currency {chosen}"
    others = [
        c for c in table.header if c not in (amount, column) and in_one_currency(normalise(c))
    ]
    if amount is not None and others:
        fix = f"--mrr-column {shlex.quote(others[0])}   is in one currency; or {fix}"
    error = Finding("RC218", "mixed currencies", value=what, fix=fix)
    return at(table, (codes != wanted) & (codes != ""), column, error)


def accepts_rates(header: Sequence[str]) -> bool:
    """Tell whether a header row looks like a table of rates."""
    return all(_column(header, part) for part in _PARTS)


def read_rates(table: Table, rules: BookRules) -> Rates:
    """Read a rates file (month, currency, rate); raises RetcalcError with every bad row."""
    columns = {part: _needed(table, part) for part in _PARTS}
    days, findings = read_days(table, columns["month"], rules)
    months = closing_months(days, rules.dates)
    codes = table.text(columns["currency"]).str.strip_chars().str.to_uppercase()
    raw = table.text(columns["rate"]).str.strip_chars()
    parsed = [_rate(value, rules.amounts.decimal or ".") for value in raw]
    bad = pl.Series([rate is None for rate in parsed], dtype=pl.Boolean)
    if bad.any():
        value = f'"{raw.filter(bad)[0]}" is no positive number of up to {_DIGITS} decimals'
        fix = "write the value of one unit in the reporting currency, such as 1.0842"
        findings.append(
            at(table, bad, columns["rate"], Finding("RC229", "not a rate", value=value, fix=fix))
        )
    own = pl.Series([rate is not None and rate != 1 for rate in parsed], dtype=pl.Boolean)
    own &= codes == (rules.currency or "")
    if own.any():
        value = f"one {rules.currency} is worth {raw.filter(own)[0]} {rules.currency}"
        fix = f"write what one unit of the other currencies is worth in {rules.currency}"
        error = Finding("RC229", "the rates are of another currency", value=value, fix=fix)
        findings.append(at(table, own, columns["rate"], error))
    twice = pl.DataFrame({"code": codes, "month": months}).is_duplicated()
    if twice.any():
        value = f"{codes.filter(twice)[0]} has more than one rate in a month"
        error = Finding("RC228", "two rates for one month", value=value, fix="keep one of them")
        findings.append(at(table, twice, columns["month"], error))
    raise_errors(findings)
    known = [rate for rate in parsed if rate is not None]
    digits = max((-int(r.as_tuple().exponent) for r in known), default=0)
    units = {
        (code, month): int(rate.scaleb(digits))
        for code, month, rate in zip(codes, months, known, strict=True)
    }
    return Rates(units, digits, table.sources[0].path)


def _rate(text: str, mark: str) -> Decimal | None:
    plain = text.replace(mark, ".") if mark != "." else text
    if not re.fullmatch(rf"\d{{1,{_DIGITS}}}(\.\d{{0,{_DIGITS}}})?(e-?\d\d?)?", plain, re.ASCII):
        return None
    rate = Decimal(plain)
    rate = (
        rate.quantize(Decimal(1).scaleb(-_DIGITS))
        if -int(rate.as_tuple().exponent) > _DIGITS
        else rate
    )
    rate = rate.normalize() if rate != rate.to_integral() else rate.to_integral()
    return rate if rate > 0 else None


def _column(header: Sequence[str], part: str) -> str | None:
    folded = {normalise(name): name for name in reversed(header)}
    return next((folded[n] for n in _PARTS[part] if n in folded), None)


def _needed(table: Table, part: str) -> str:
    column = _column(table.header, part)
    if column is None:
        raise RetcalcError(
            Finding(
                "RC245",
                f"no column of {table.sources[0].path} is the {part}",
                value=f"the columns are: {', '.join(table.header)}",
                fix="a rates file has the columns month, currency and rate",
            )
        )
    return column


@dataclass(frozen=True, slots=True)
class Exchange:
    """How native amounts of ``scale`` become amounts of ``out_scale`` in the report's currency."""

    rates: Rates
    report: str
    scale: int

    @property
    def out_scale(self) -> int:
        """Decimals that hold every product, as far as money keeps them."""
        wanted = min(MAX_SCALE, self.scale + self.rates.digits)
        return max(self.scale, wanted, minor_digits(self.report))

    @property
    def exact(self) -> bool:
        """True when no product is rounded."""
        return self.scale + self.rates.digits <= self.out_scale

    def converted(self, rows: pl.DataFrame, month: str | int) -> pl.Series:
        """Amounts of rows (native, currency and the month column named) at a month's rates.

        ``month`` is a column of months, or one month for all. Raises RC227 for a missing rate.
        """
        when = pl.col(month) if isinstance(month, str) else pl.lit(month, pl.Int32)
        asked = rows.select("native", "currency", when.alias("month"))
        own = pl.col("currency") == self.report
        found = asked.join(
            self.rates.frame(),
            on=["currency", "month"],
            how="left",
            validate="m:1",
            maintain_order="left",
        ).with_columns(pl.when(own).then(10**self.rates.digits).otherwise("times").alias("times"))
        missing = found.filter(pl.col("times").is_null())
        if missing.height:
            raise RetcalcError(self._missing(missing))
        self._refuse_beyond(found)
        product = pl.col("native").cast(pl.Int128) * pl.col("times").cast(pl.Int128)
        beyond = self.scale + self.rates.digits - self.out_scale
        step = 10 ** max(beyond, 0)
        rounded = (2 * product + step) // (2 * step) * 10 ** max(-beyond, 0)
        return found.select(rounded.alias("amount"))["amount"]

    def _refuse_beyond(self, rows: pl.DataFrame) -> None:
        """Refuse products that 128 bits might not hold: they would wrap silently."""
        sizes = (max(map(abs, ends(rows[name]))) for name in _FACTORS)
        if prod(sizes) >= 2**125:
            value = f"amounts times rates of {self.rates.file} are beyond all money"
            fix = "correct the amount, or the rate"
            raise RetcalcError(Finding("RC217", "amount is too large", value=value, fix=fix))

    def _missing(self, rows: pl.DataFrame) -> Finding:
        pairs = rows.select("currency", "month").unique().sort("currency", "month").rows()
        listed = ", ".join(f"{code} {format_month(month)}" for code, month in pairs[:6])
        more = f" and {len(pairs) - 6} more" if len(pairs) > 6 else ""
        fix = f"add them to {self.rates.file}: month,currency,rate"
        return Finding("RC227", "rates are missing", value=f"none for {listed}{more}", fix=fix)
