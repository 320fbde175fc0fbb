"""Movements of accounts with several segments at once, walked part by part. See `walk`.

An account that comes, returns or leaves does so in each of its segments. Of one that stays, what
one segment loses and another gains is a move; only the rest is expansion or contraction. Whoever
has one segment at each end moves as a whole, and the movement is in the segment of the opening.
"""

from collections import Counter, defaultdict

Parts = dict[tuple[str, int, str], int]  # account, month, segment: MRR above zero


def lines(parts: Parts, opening: int, closing: int) -> dict[str, Counter[str]]:
    """Lines of every segment over one span."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for account in sorted({account for account, _, _ in parts}):
        before, after = at(parts, account, opening), at(parts, account, closing)
        earlier = any(a == account and month < opening for a, month, _ in parts)
        for segment in {*before, *after}:
            was, now, line = before.get(segment, 0), after.get(segment, 0), found[segment]
            line["opening_mrr"] += was
            line["closing_mrr"] += now
            line["opening_accounts"] += was > 0
            line["closing_accounts"] += now > 0
            if not before:
                line["reactivation_mrr" if earlier else "new_mrr"] += now
                line["reactivated_accounts" if earlier else "new_accounts"] += 1
            elif not after:
                line["churn_mrr"] += was
                line["churned_accounts"] += 1
            else:
                line["segment_in_accounts"] += was == 0
                line["segment_out_accounts"] += now == 0
        if before and after:
            stays(before, after, found)
    return dict(found)


def at(parts: Parts, account: str, month: int) -> dict[str, int]:
    return {s: mrr for (a, m, s), mrr in parts.items() if (a, m) == (account, month)}


def stays(before: dict[str, int], after: dict[str, int], found: dict[str, Counter[str]]) -> None:
    change = sum(after.values()) - sum(before.values())
    grown = "expansion_mrr" if change > 0 else "contraction_mrr"
    if len(before) == len(after) == 1:
        (was,), (now,) = before, after
        found[was][grown] += abs(change)
        if was != now:
            found[was]["segment_out_mrr"] += after[now]
            found[now]["segment_in_mrr"] += after[now]
        return
    steps = {s: after.get(s, 0) - before.get(s, 0) for s in {*before, *after}}
    gains = sum(step for step in steps.values() if step > 0)
    losses = -sum(step for step in steps.values() if step < 0)
    for sign, ends, move, rest in (
        (1, before, "segment_in_mrr", "expansion_mrr"),
        (-1, after, "segment_out_mrr", "contraction_mrr"),
    ):
        left = min(gains, losses)  # coin by coin, to the first that still has room
        changed = [s for s in steps if sign * steps[s] > 0]
        for segment in sorted(changed, key=lambda s: (s in ends, -abs(steps[s]), s)):
            for _ in range(abs(steps[segment])):
                found[segment][move if left else rest] += 1
                left -= left > 0
