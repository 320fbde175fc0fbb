"""The retention numbers, walked month by month over dictionaries.

An oracle: written from the written definitions alone, slow and plain, sharing no code with retcalc.
Input is `{(account, month): amount}`, months counted as `12 * year + month - 1`, amounts exact and
never negative (integers in minor units, or Fractions). An absent pair is zero: no customer.
Segments are `{(account, month): segment}` for the months with money.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Amount = int | Fraction
Segment = tuple[str, ...]
Panel = Mapping[tuple[str, int], Amount]
Segments = Mapping[tuple[str, int], Segment]
Facts = dict[str, Amount]
BySegment = dict[Segment | None, Facts]
Histories = dict[str, dict[int, Amount]]

TOTAL: Segment | None = None

FIELDS = (
    "opening_mrr",
    "new_mrr",
    "reactivation_mrr",
    "expansion_mrr",
    "contraction_mrr",
    "churn_mrr",
    "segment_in_mrr",
    "segment_out_mrr",
    "closing_mrr",
    "opening_accounts",
    "new_accounts",
    "reactivated_accounts",
    "churned_accounts",
    "segment_in_accounts",
    "segment_out_accounts",
    "closing_accounts",
    "base_mrr",
    "base_accounts",
    "kept_mrr",
)
"""`base_*`: the opening of the accounts whose movements the row holds; it differs from the opening
only when segments are taken as of the closing. `kept_mrr`: sum of the smaller of both ends."""

COUNTS = {
    "new": "new_accounts",
    "reactivation": "reactivated_accounts",
    "churn": "churned_accounts",
}
ENDS = ("opening_mrr", "opening_accounts", "base_mrr", "base_accounts")


@dataclass(frozen=True, slots=True)
class Rules:
    """The switches of a definition."""

    basis: Literal["endpoints", "monthly"] = "endpoints"
    as_of: Literal["opening", "closing"] = "opening"
    reactivation_gap: int | None = None
    reactivation_in_nrr: bool = False


DEFAULT = Rules()


def window(
    mrr: Panel, s: int, e: int, rules: Rules = DEFAULT, segments: Segments | None = None
) -> BySegment:
    """The facts of the window (s, e], in total and for every segment that has any."""
    if rules.basis == "endpoints":
        return _endpoints(_histories(mrr), s, e, rules, segments)
    summed: BySegment = {}
    for t, month in roll_forward(mrr, s + 1, e, rules, segments).items():
        for segment, facts in month.items():
            into = summed.setdefault(segment, dict.fromkeys(FIELDS, 0))
            for field, amount in facts.items():
                at_end = field in ENDS or field.startswith("closing")
                if not at_end or t == (e if field.startswith("closing") else s + 1):
                    into[field] += amount
    return summed


def roll_forward(
    mrr: Panel, first: int, last: int, rules: Rules = DEFAULT, segments: Segments | None = None
) -> dict[int, BySegment]:
    """The one-month facts of every month; the first month opens at zero, its new is a stock."""
    histories = _histories(mrr)
    return {t: _endpoints(histories, t - 1, t, rules, segments) for t in range(first, last + 1)}


def _endpoints(
    histories: Histories, s: int, e: int, rules: Rules, segments: Segments | None
) -> BySegment:
    result: BySegment = {TOTAL: dict.fromkeys(FIELDS, 0)}
    for account, paid in histories.items():
        _post(result, paid, (s, e), (TOTAL, TOTAL), rules)
        if segments is not None:
            ends = (segments.get((account, s)), segments.get((account, e)))
            _post(result, paid, (s, e), ends, rules)
    return result


def _histories(mrr: Panel) -> Histories:
    histories: Histories = defaultdict(dict)
    for (account, month), amount in mrr.items():
        if amount > 0:
            histories[account][month] = amount
    return histories


def _post(
    result: BySegment,
    paid: Mapping[int, Amount],
    ends: tuple[int, int],
    segments: tuple[Segment | None, Segment | None],
    rules: Rules,
) -> None:
    """Book one account into the segments of both ends of the window."""
    before, after = (paid.get(t, 0) for t in ends)
    left, entered = segments

    def book(segment: Segment | None, stem: str, amount: Amount, count: str | None = None) -> None:
        facts = result.setdefault(segment, dict.fromkeys(FIELDS, 0))
        facts[f"{stem}_mrr"] += amount
        if count is not None:
            facts[count] += 1

    if before:
        book(left, "opening", before, "opening_accounts")
    if after:
        book(entered, "closing", after, "closing_accounts")
    if before and after:
        home = left if rules.as_of == "opening" else entered
        book(home, "expansion", max(after - before, 0))
        book(home, "contraction", max(before - after, 0))
        book(home, "base", before, "base_accounts")
        book(home, "kept", min(before, after))
        if left != entered:
            moved = after if rules.as_of == "opening" else before
            book(left, "segment_out", moved, "segment_out_accounts")
            book(entered, "segment_in", moved, "segment_in_accounts")
    elif before:
        book(left, "churn", before, COUNTS["churn"])
        book(left, "base", before, "base_accounts")
    elif after:
        kind = _arrival(paid, ends, rules.reactivation_gap)
        book(entered, kind, after, COUNTS[kind])


def _arrival(paid: Mapping[int, Amount], ends: tuple[int, int], gap: int | None) -> str:
    """Tell a new account from one that returns; away longer than the gap counts as new."""
    s, e = ends
    earlier = [t for t in paid if t < s]
    if not earlier:
        return "new"
    returned = min(t for t in paid if s < t <= e)
    away = returned - max(earlier) - 1
    return "new" if gap is not None and away > gap else "reactivation"


Rates = dict[str, Fraction | None]


def rates(facts: Facts, rules: Rules = DEFAULT) -> tuple[Rates, dict[str, str]]:
    """Every rate of one row as an exact fraction, and why the missing ones are missing."""
    f = facts
    lost = f["churn_mrr"] + f["contraction_mrr"]
    back = f["reactivation_mrr"] if rules.reactivation_in_nrr else 0
    gained = f["new_mrr"] + f["expansion_mrr"] + f["reactivation_mrr"]
    base, heads = f["base_mrr"], f["base_accounts"]
    kept = f["kept_mrr"] if rules.basis == "endpoints" else base - lost
    parts: dict[str, tuple[Amount, Amount, str]] = {
        "logo_churn": (f["churned_accounts"], heads, "no_opening_accounts"),
        "logo_retention": (heads - f["churned_accounts"], heads, "no_opening_accounts"),
        "gross_revenue_churn": (lost, base, "no_opening_mrr"),
        "net_revenue_churn": (lost - f["expansion_mrr"] - back, base, "no_opening_mrr"),
        "nrr": (base + f["expansion_mrr"] - lost + back, base, "no_opening_mrr"),
        "grr": (kept, base, "no_opening_mrr"),
        "quick_ratio": (gained, lost, "no_losses"),
        "arpa": (f["closing_mrr"], f["closing_accounts"], "no_closing_accounts"),
    }
    values: Rates = {n: Fraction(top, low) if low else None for n, (top, low, _) in parts.items()}
    values["arr"] = Fraction(12 * f["closing_mrr"])
    return values, {n: parts[n][2] for n, value in values.items() if value is None}


def annualised(rate: Fraction | None, months: int = 1) -> float | None:
    """The rate of a year in which every such period has this rate: 1 - (1 - c)^(12 / months).

    Undefined above one, where more left than there were at the start.
    """
    if rate is None or rate > 1:
        return None
    return 1 - float(1 - rate) ** (12 / months)


def identity_gap(facts: Facts) -> Amount:
    """Closing minus what the roll-forward arrives at; zero, or the facts are wrong."""
    arrived = sum(facts[f"{x}_mrr"] for x in ("opening", "new", "reactivation", "expansion"))
    arrived += facts["segment_in_mrr"] - facts["segment_out_mrr"]
    return facts["closing_mrr"] - (arrived - facts["contraction_mrr"] - facts["churn_mrr"])


def accounts_gap(facts: Facts) -> Amount:
    """The same for accounts."""
    arrived = sum(facts[f"{x}_accounts"] for x in ("opening", "new", "reactivated", "segment_in"))
    return facts["closing_accounts"] - (
        arrived - facts["churned_accounts"] - facts["segment_out_accounts"]
    )


def default_window(first: int, last: int, months: int = 12) -> tuple[int, int]:
    """The twelve months up to the last one, or as many as there are."""
    return max(first, last - months), last


def add(left: Iterable[Facts]) -> Facts:
    """The sum of rows; of all segments it is the total but for the movements between them."""
    rows = list(left)
    return {field: sum((row[field] for row in rows), 0) for field in FIELDS}
