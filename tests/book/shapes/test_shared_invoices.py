"""A real Stripe export with two currencies and decimal commas, against plain Python."""

import csv
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from book.books import write
from helpers import SHARED, needs_shared, run

INVOICES = SHARED / "data/surfe_stripe_export/invoices.csv"
RATE = Fraction("0.9602")


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", ".")) if text else Fraction(0)


def months_between(start: date, end: date) -> int:
    """Whole months to an exclusive end on the same day or the last of a shorter month, else 0."""
    apart = 12 * (end.year - start.year) + end.month - start.month
    fits = end.day == min(start.day, monthrange(end.year, end.month)[1])
    return apart if fits and apart > 0 else 0


def last_day(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def period(start: date, end: date) -> tuple[date, Fraction] | None:
    """The exclusive end and the term in months of a service period, None without any length."""
    after = end + timedelta(days=1)
    near = 12 * (end.year - start.year) + end.month - start.month
    for until in (end, after):
        if months_between(start, until):
            return until, Fraction(months_between(start, until))
    if near > 0 and last_day(start) and last_day(end):
        return end, Fraction(near)
    days = (end - start).days  # most of this export's periods end exclusive
    return (end, days / Fraction(whole_days(end, days))) if days else None


def whole_days(end: date, days: int) -> Fraction | int:
    """Days of the billing month that ends on a day; a mean month's where the period is longer."""
    year, month = divmod(12 * end.year + end.month - 2, 12)
    before = date(year, month + 1, min(end.day, monthrange(year, month + 1)[1]))
    month_days = (end - before).days
    return month_days if days < month_days else Fraction("30.4375")


def january() -> dict[str, dict[str, Fraction]]:
    """MRR at the end of January 2025 by customer and currency, and one that rounds like money."""
    mrr: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    close, prices = date(2025, 1, 31), defaultdict(set)
    for customer, _, months, amount, *_ in billed():
        if months.denominator == 1:
            prices[customer].add(abs(amount / months))
    for customer, currency, months, amount, start, end in billed():
        if start <= close < end:
            share = amount / months
            if months < 1:  # a part of a month is written rounded: its price is the nearest known
                near = min(prices[customer], key=lambda p: abs(abs(share) - p), default=abs(share))
                known = abs(abs(share) - near) <= Fraction("0.005") / months + Fraction(1, 10**8)
                share = (near if share > 0 else -near) if known else share
            mrr[customer][currency] += share
    return mrr


def billed() -> Iterator[tuple[str, str, Fraction, Fraction, date, date]]:
    """Customer, currency, months, net amount, start and exclusive end of every line that counts."""
    with INVOICES.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            begin = line["Minimum Line Item Period Start (UTC)"][:10]
            end = line["Maximum Line Item Period End (UTC)"][:10]
            if line["Status"] in ("draft", "void", "uncollectible") or not begin or not end:
                continue
            start, told = date.fromisoformat(begin), period(*map(date.fromisoformat, (begin, end)))
            amount = number(line["Total"]) - number(line["Tax"])
            if told is not None and amount:
                yield line["Customer"], line["Currency"], told[1], amount, start, told[0]


@needs_shared
def test_surfe_at_the_end_of_january(tmp_path: Path) -> None:
    rates = write(tmp_path, "month,currency,rate\n2025-01,USD,0.9602", "rates.csv")
    args = ("--decimal", ",", "--currency", "EUR", "--fx", rates, "--as-of", "2025-01")
    row = run("nrr", INVOICES, *args, "--window", "1m", "-f", "json").total
    expected = {
        customer: sum(a * (RATE if code == "usd" else 1) for code, a in parts.items())
        for customer, parts in january().items()
    }
    active = {customer: mrr for customer, mrr in expected.items() if mrr > 0}
    assert row["closing_accounts"] == len(active)
    # each of some thousand lines is kept to eight decimals
    assert abs(Fraction(row["closing_mrr"]) - sum(active.values())) < Fraction(1, 10**4)


@needs_shared
def test_surfe_without_rates_or_the_decimal_mark() -> None:
    done = run("nrr", INVOICES)
    assert done.exit_code == 3
    assert "error RC218" in done.stderr
    assert "the column holds EUR, USD" in done.stderr
    assert '--decimal ","' in done.stderr
