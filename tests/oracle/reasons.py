"""Why accounts left, walked over subscriptions. An oracle: see `walk`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from oracle.intervals import Subscription, last_day, month_of, monthly

NOBODY_SAID = "(none)"
Lost = dict[str, tuple[int, Fraction]]
"""Accounts and MRR that were lost, by reason."""


def lost_in(
    told: Sequence[tuple[Subscription, str]], opening: int, closing: int, members: Sequence[str]
) -> Lost:
    """Who of the members paid at the opening and does not at the closing, by stated reason.

    The reason of an account is the one stated on a subscription that runs on the last day of the
    last month it pays in; of several the one that costs most, then the first by the alphabet.
    """
    mrr = monthly([sub for sub, _ in told], closing)
    found: dict[str, list[Fraction]] = defaultdict(list)
    for account in members:
        if (account, opening) not in mrr or (account, closing) in mrr:
            continue
        last = max(month for name, month in mrr if name == account)
        stated = [
            (-sub.mrr, why)
            for sub, why in told
            if sub.account == account and why and _ends_with(sub, last)
        ]
        reason = min(stated)[1] if stated else NOBODY_SAID
        found[reason].append(mrr[account, opening])
    return {reason: (len(amounts), sum(amounts)) for reason, amounts in found.items()}


def _ends_with(sub: Subscription, month: int) -> bool:
    """True when the month is the last one on whose last day the subscription runs."""
    if sub.end is None or month_of(sub.start) > month:
        return False
    return last_day(month) < sub.end <= last_day(month + 1)


def added(parts: Sequence[Mapping[str, tuple[int, Fraction]]]) -> Lost:
    """The sums of several spans."""
    whole: Lost = {}
    for part in parts:
        for reason, (accounts, mrr) in part.items():
            had = whole.get(reason, (0, Fraction(0)))
            whole[reason] = had[0] + accounts, had[1] + mrr
    return whole
