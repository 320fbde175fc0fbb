"""What a reason for leaving says: a decision of the account, or a payment that failed.

The words are those of the billing systems and the usual ones of cancellation forms. They are
looked for as whole words inside the reason, so that ``Card payment failed twice`` is understood.
What the user maps comes first and must be the whole reason.
"""

from __future__ import annotations

import re

from retcalc.book.rules import ReasonRules
from retcalc.book.values.billing_intervals import folded
from retcalc.core.choices import ChurnKind

_INVOLUNTARY = (
    "involuntary, payment failed, failed payment, payment failure, payments failed, "
    "failed payments, payment declined, declined payment, card declined, card expired, "
    "expired card, no card, nonpayment, non payment, nonpayment gift, nonpayment trial, not paid, "
    "unpaid, past due, overdue, dunning, delinquent, delinquency, delinquent churn, "
    "churn delinquent, insufficient funds, billing error, billing issue, billing failure, "
    "payment error, payment issue, charge failed, failed charge, charge attempts, "
    "max number of charge attempts reached, payment disputed, chargeback, invoice uncollectible, "
    "uncollectible, fraud review failed, fraud, non compliant customer, "
    "non compliant eu customer, tax calculation failed, currency incompatible with gateway"
)
_VOLUNTARY = (
    "voluntary, voluntarily, voluntarily cancelled, cancellation requested, customer cancelled, "
    "subscriber cancelled, customer request, requested, unsubscribe, unsubscribed, canceled, "
    "cancelled, non renewing, not renewed, price, prices, pricing, price increase, expensive, "
    "too expensive, cost, costs, budget, budget cuts, competitor, competition, competitors, "
    "switched, switched service, switching, alternative, feature, features, missing features, "
    "missing feature, functionality, product fit, product unsatisfactory, poor fit, not a fit, "
    "unused, not using, not used, no longer needed, no longer need, no need, not needed, "
    "low usage, "
    "more than i need, too complex, complexity, complicated, usability, low quality, quality, "
    "bugs, reliability, performance, customer service, service, support, onboarding, value, "
    "no value, lack of value, dissatisfied, unhappy, build in house, in house, project ended, "
    "seasonal"
)
_SAYS_NOTHING = frozenset(("unknown", "other", "others", "n a", "na", "none", "no reason"))


def _pattern(words: str) -> re.Pattern[str]:
    """Any of the words, the longest first, as whole words."""
    ordered = sorted((word.strip() for word in words.split(",")), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, ordered))})(?![^\W_])")


_KNOWN: tuple[tuple[ChurnKind, re.Pattern[str]], ...] = (
    ("involuntary", _pattern(_INVOLUNTARY)),
    ("voluntary", _pattern(_VOLUNTARY)),
)


def kind_of(reason: str, rules: ReasonRules) -> ChurnKind:
    """The kind of a reason; unknown where neither the user nor the known words tell it."""
    word = folded(reason)
    if word in map(folded, rules.involuntary):
        return "involuntary"
    if word in map(folded, rules.voluntary):
        return "voluntary"
    return next((kind for kind, known in _KNOWN if known.search(word)), "unknown")


def says_nothing(reason: str) -> bool:
    """Tell whether a reason is a word for not knowing it, such as ``other``."""
    return folded(reason) in _SAYS_NOTHING
