"""Dates and months: text or typed columns to calendar days and month indexes."""

from retcalc.book.values.dates.months import closing_months, month_indexes
from retcalc.book.values.dates.order import Proof, proven_order
from retcalc.book.values.dates.parse import LATEST, Days, parse_days

__all__ = [
    "LATEST",
    "Days",
    "Proof",
    "closing_months",
    "month_indexes",
    "parse_days",
    "proven_order",
]
