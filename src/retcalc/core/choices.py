"""The words a user may choose from, each set once: for the command line, the config and the rules.

Plain literal types: Typer lists and checks them as options, pydantic as keys of the config.
"""

from __future__ import annotations

from typing import Literal

# how the files are read
Shape = Literal[
    "auto",
    "long",
    "wide",
    "intervals",
    "invoices",
    "movements",
    "states",
    "payments",
    "snapshot",
]
Unit = Literal["major", "minor"]
Duplicates = Literal["refuse", "first", "last", "sum"]
MissingMonth = Literal["zero", "refuse", "carry"]
Negative = Literal["refuse", "allow"]
PeriodEnd = Literal["auto", "inclusive", "exclusive"]
ChurnDate = Literal["end", "cancelled", "end_of_paid_period"]
Stopped = Literal["keep", "drop"]
Discounts = Literal["net", "gross"]
Undated = Literal["refuse", "month", "one-off"]
Quantity = Literal["ask", "multiply", "ignore"]
Periods = Literal["ask", "mrr", "total"]
Meaning = Literal[
    "active",
    "ended",
    "none",
    "paused",
    "past-due",
    "new",
    "expansion",
    "contraction",
    "churn",
    "reactivation",
]
AmountStyle = Literal["plain", "accounting"]
FxPolicy = Literal["constant", "monthly"]
WeekPattern = Literal["none", "4-4-5", "4-5-4", "5-4-4"]
YearEnd = Literal["last", "nearest"]
SegmentBasis = Literal["opening", "closing", "current"]

# what is computed
Basis = Literal["endpoints", "monthly"]
LifespanMethod = Literal["inverse-churn", "observed", "survival", "sbg", "bdw"]
FirstMonth = Literal["leave-out", "start"]
CohortPeriod = Literal["month", "quarter", "year"]
CohortAverage = Literal["weighted", "simple", "constant"]

# what is shown
Format = Literal["table", "json", "csv", "md"]
AgeUnit = Literal["days", "weeks", "months"]
CohortFigure = Literal["accounts", "mrr", "gross"]
Movement = Literal[
    "retained",
    "expansion",
    "contraction",
    "churn",
    "new",
    "reactivation",
    "segment_in",
    "segment_out",
]
ChurnKind = Literal["voluntary", "involuntary", "unknown"]
AccountOrder = Literal["change", "opening", "closing", "account"]
Severity = Literal["error", "warn"]
