"""Why a text is not an amount, and the option that settles it."""

from __future__ import annotations

import re

from retcalc.book.rules import AmountRules
from retcalc.book.values.money.amounts import MAX_MINOR
from retcalc.core.findings import Finding

_BLANK = " \t\u00a0\u202f"
_LONGEST = 80  # characters of a text that may be meant as an amount


def explain_amount(value: str, rules: AmountRules) -> Finding:
    """Say why one value is not an amount under these rules, and what would settle it."""
    shown, text = f'"{value}"', value.strip(_BLANK)
    marks = f"decimal {rules.decimal or '.'!r} and {_thousands(rules)}"
    if len(text) > _LONGEST:  # the patterns below take their time over a long text
        reason = f"has {len(text):,} characters, too many for an amount"
        shown = f'"{text[:_LONGEST]}…"'
        return Finding("RC214", "amount is not a number", value=f"{shown} {reason}", fix=_CORRECT)
    written = re.fullmatch(rf"[+-]?\d+({re.escape(rules.decimal or '.')}\d*)?", text, re.ASCII)
    # with a mark that was named, a number that fits is not to be read in another way
    for pattern, reason, fix in () if written and rules.decimal else _REASONS:
        if re.fullmatch(pattern, text, re.ASCII):
            return Finding("RC214", "amount is not a number", value=f"{shown} {reason}", fix=fix)
    if written:
        reason = f"is beyond {MAX_MINOR:,} minor units"
        return Finding("RC217", "amount is too large", value=f"{shown} {reason}", fix=_CORRECT)
    reason = f"cannot be read with {marks}"
    return Finding("RC214", "amount is not a number", value=f"{shown} {reason}", fix=_CORRECT)


def _thousands(rules: AmountRules) -> str:
    return f"thousands {rules.thousands!r}" if rules.thousands else "no thousands separator"


_CORRECT = "--skip-bad-rows   leaves such rows out; else correct the value in the export"
_ACCOUNTING = "--amounts accounting   or in retcalc.yaml  amounts: {style: accounting}"
_NUMBER = r"[+-]?"
_REASONS = (
    (
        _NUMBER + r"\d{1,3}(,\d{3})+\.\d+",
        "has a thousands separator; this file is read with none",
        '--thousands ","   or in retcalc.yaml  amounts: {thousands: ","}',
    ),
    (
        _NUMBER + r"\d{1,3}(\.\d{3})+,\d+",
        "has a decimal comma and points between thousands",
        '--decimal "," --thousands "."   or  amounts: {decimal: ",", thousands: "."}',
    ),
    (
        _NUMBER + r"\d{1,3}(,\d{3})+",
        "can be read in two ways: the comma may group thousands or mark decimals",
        '--thousands ","  (or --decimal ",")   or in retcalc.yaml  amounts: {thousands: ","}',
    ),
    (
        _NUMBER + r"\d{1,3}(\.\d{3})+",
        "can be read in two ways: the point may group thousands or mark decimals",
        '--decimal "."  (or --thousands ".")   or in retcalc.yaml  amounts: {decimal: "."}',
    ),
    (
        _NUMBER + r"\d+,\d*",
        "has a decimal comma; this file is read with a decimal point",
        '--decimal ","   or in retcalc.yaml  amounts: {decimal: ","}',
    ),
    (
        r"[+-]?\d{1,3}(['’ \u00a0\u202f]\d{3})+([.,]\d*)?",
        "has a thousands separator; this file is read with none",
        '--thousands "\'"   with the separator the file uses',
    ),
    (r"(?i)[+-]?(nan|inf|infinity|1e400)", "is not a finite number", _CORRECT),
    (
        r"[+-]?\d+(\.\d*)?[eE][+-]?\d+",
        "is in scientific notation, as a spreadsheet writes numbers it has cut",
        "export the column as plain numbers",
    ),
    (r".*%", "is a percentage, not an amount", "choose the amount column with --mrr-column"),
    (
        r"\([\d.,\s]*\)|[\d.,]+-|[−–].*",
        "is a negative number in accounting style",
        _ACCOUNTING,
    ),
    (
        r"(?u:(?=.*[^\x00-\x7f])[+-]?[\d.,]+)",
        "has digits of another script",
        "export numbers with the digits 0 to 9",
    ),
    (
        r".*[^\x00-\x7f\d.,]\s*[\d.,]+|[A-Z]{3}\s*[+-]?[\d.,]+|\$[\d.,]+|.*[\d.,]+\s*([A-Z]{3}|[^\x00-\x7f])",
        "carries a currency sign",
        _ACCOUNTING,
    ),
)
