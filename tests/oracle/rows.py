"""Rows of the command line's JSON against the facts of the oracles, exact to the last digit."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from oracle.walk import (
    DEFAULT,
    FIELDS,
    Amount,
    BySegment,
    Facts,
    Rules,
    Segment,
    annualised,
    rates,
)

MONEY = (
    "opening_mrr",
    "new_mrr",
    "reactivation_mrr",
    "expansion_mrr",
    "contraction_mrr",
    "churn_mrr",
    "closing_mrr",
)
SEGMENT_MONEY = ("segment_in_mrr", "segment_out_mrr")
COUNTS = (
    "opening_accounts",
    "new_accounts",
    "reactivated_accounts",
    "churned_accounts",
    "closing_accounts",
)
WINDOW_RATES = (
    "nrr",
    "grr",
    "logo_churn",
    "logo_retention",
    "gross_revenue_churn",
    "net_revenue_churn",
)
MONTH_RATES = ("nrr", "grr", "logo_churn")


def money(amount: Amount, unit: int = 100) -> str:
    """An amount as an exact decimal with two places, or more where it has them."""
    value = Fraction(amount) / unit
    if 100 % value.denominator == 0:
        cents = value * 100
        return f"{cents.numerator // 100}.{cents.numerator % 100:02}"
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    assert Fraction(exact) == value, "no finite decimal"
    return str(exact)


def check_row(
    row: Mapping[str, Any],
    facts: Facts,
    need: Iterable[str] = WINDOW_RATES,
    rules: Rules = DEFAULT,
    unit: int = 100,
) -> None:
    """Compare one row: every money string and count, the rates it must have and those it shows."""
    check_amounts(row, facts, unit)
    values, _ = rates(facts, rules)
    for name in values.keys() & (row.keys() | set(need)) - {"arpa", "arr"}:
        value = values[name]
        assert row[name] == (None if value is None else float(value)), name
        assert (value is None) == (name in row.get("reasons", {})), name


def check_annualised(row: Mapping[str, Any], facts: Facts, months: int, rules: Rules) -> None:
    """Compare the annualised logo churn, which no fraction holds: to 12 digits."""
    expected = annualised(rates(facts, rules)[0]["logo_churn"], months)
    shown = row["annualised_logo_churn"]
    assert (expected is None) == ("annualised_logo_churn" in row.get("reasons", {}))
    assert shown is None if expected is None else abs(shown - expected) < 1e-12


def check_amounts(row: Mapping[str, Any], facts: Facts, unit: int = 100) -> None:
    """Compare the money strings and counts of one row."""
    fields = (*MONEY, *(name for name in SEGMENT_MONEY if name in row))
    assert {n: row[n] for n in fields} == {n: money(facts[n], unit) for n in fields}
    assert {n: row[n] for n in COUNTS} == {n: facts[n] for n in COUNTS}
    if "arr" in row:
        assert row["arr"] == money(12 * facts["closing_mrr"], unit)


def check_segments(
    rows: Sequence[Mapping[str, Any]],
    facts: BySegment,
    by: Sequence[str] = (),
    need: Iterable[str] = WINDOW_RATES,
    rules: Rules = DEFAULT,
    unit: int = 100,
) -> None:
    """Compare the rows of one window: a row per segment with any facts, the total last.

    A segment without facts here may be shown, with zeros. Segments as of the closing under
    the monthly basis have no defined rates: accounts pass through with movements but no opening.
    """
    defined = (rules.basis, rules.as_of) != ("monthly", "closing")
    assert rows[-1]["segment"] == {}
    shown = {_key(row, by): row for row in rows}
    assert len(shown) == len(rows)
    assert facts.keys() <= shown.keys()
    for segment, row in shown.items():
        if by and segment is not None:
            assert set(SEGMENT_MONEY) <= row.keys()
        own = facts.get(segment, dict.fromkeys(FIELDS, 0))
        if defined or segment is None:
            check_row(row, own, need, rules, unit)
        else:
            check_amounts(row, own, unit)


def _key(row: Mapping[str, Any], by: Sequence[str]) -> Segment | None:
    segment = row["segment"]
    assert set(segment) == (set(by) if segment else set())
    return tuple(segment[name] for name in by) if segment else None
