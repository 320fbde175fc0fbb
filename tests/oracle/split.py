"""Accounts that pay for several products at once, walked account by account over dictionaries.

An oracle: written from the written definitions alone, slow and plain, sharing no code with retcalc.
Input is `{(account, product, month): amount}`, months counted as in `walk`, amounts integers above
zero. What comes and leaves is the account; of an account that stays, what one product loses and
another gains has moved, and the rest is expansion or contraction of the account.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Literal

Book = Mapping[tuple[str, str, int], int]
Lines = dict[str, int]
Ends = dict[str, tuple[int, int]]  # a part's amounts at the opening and at the closing
As = Literal["opening", "closing"]


def window(
    book: Book,
    s: int,
    e: int,
    as_of: As = "opening",
    inside: Callable[[str], bool] = lambda _: True,
) -> tuple[dict[str, Lines], Lines]:
    """The lines of every product that passes the filter over (s, e], and those of the total."""
    accounts: dict[str, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for (account, product, month), amount in book.items():
        accounts[account][month][product] = amount
    products: dict[str, Lines] = defaultdict(lambda: defaultdict(int))
    total: Lines = defaultdict(int)
    for paid in accounts.values():
        was, now = paid.get(s, {}), paid.get(e, {})
        ends = {p: (was.get(p, 0), now.get(p, 0)) for p in sorted({*was, *now})}
        before, after = sum(was.values()), sum(now.values())
        if not before or not after:
            kind = "churn" if before else "reactivation" if min(paid) < s else "new"
            for product, (old, new) in ends.items():
                if inside(product):
                    _come_or_go(products[product], kind, old, new)
            ours = [pair for product, pair in ends.items() if inside(product)]
            if ours:
                _come_or_go(total, kind, sum(a for a, _ in ours), sum(b for _, b in ours))
            continue
        grown, shrunk = max(after - before, 0), max(before - after, 0)
        sides = {
            side: (sum(pair[0] for pair in own), sum(pair[1] for pair in own))
            for side, own in {
                "in": [pair for p, pair in ends.items() if inside(p)],
                "out": [pair for p, pair in ends.items() if not inside(p)],
            }.items()
            if own
        }
        if "in" not in sides:
            continue
        ours = _shares(sides, grown, shrunk, as_of)["in"]
        _add(total, ours)
        own = {p: pair for p, pair in ends.items() if inside(p)}
        for product, lines in _shares(own, ours["expansion"], ours["contraction"], as_of).items():
            _add(products[product], lines)
    return dict(products), total


def _come_or_go(into: Lines, kind: str, before: int, after: int) -> None:
    counts = {"new": "new", "reactivation": "reactivated", "churn": "churned"}
    _ends(into, before, after)
    into[f"{kind}_mrr"] += before or after
    into[f"{counts[kind]}_accounts"] += 1


def _ends(into: Lines, before: int, after: int) -> None:
    into["opening_mrr"] += before
    into["closing_mrr"] += after
    into["opening_accounts"] += before > 0
    into["closing_accounts"] += after > 0


def _add(into: Lines, own: Lines) -> None:
    before, after = own["before"], own["after"]
    _ends(into, before, after)
    for name in ("expansion", "contraction", "segment_in", "segment_out"):
        into[f"{name}_mrr"] += own[name]
    into["segment_in_accounts"] += not before
    into["segment_out_accounts"] += not after


def _shares(ends: Ends, grown: int, shrunk: int, as_of: As) -> dict[str, Lines]:
    """What each part of an account that stays has of its growth, and what it passes on."""
    names = ("expansion", "contraction", "segment_in", "segment_out")
    found = {p: {"before": a, "after": b, **dict.fromkeys(names, 0)} for p, (a, b) in ends.items()}
    left = [p for p, (_, after) in ends.items() if not after]
    came = [p for p, (before, _) in ends.items() if not before]
    if len(ends) == 2 and left and came:  # one part in place of one other
        home = found[left[0] if as_of == "opening" else came[0]]
        home["expansion"], home["contraction"] = grown, shrunk
        carried = ends[came[0]][1] if as_of == "opening" else ends[left[0]][0]
        found[left[0]]["segment_out"] = found[came[0]]["segment_in"] = carried
        if as_of == "opening":
            found[left[0]]["segment_out"] = ends[left[0]][0] + grown - shrunk
        else:
            found[came[0]]["segment_in"] = ends[came[0]][1] - grown + shrunk
        return found
    change = {p: b - a for p, (a, b) in ends.items()}
    turn = sorted(ends, key=lambda p: (p not in (*left, *came), -abs(change[p]), p))
    for sign, rest, own, moved, other in (
        (1, grown, "expansion", "segment_in", ("contraction", "segment_in", shrunk)),
        (-1, shrunk, "contraction", "segment_out", ("expansion", "segment_out", grown)),
    ):
        mine = [p for p in turn if sign * change[p] > 0]
        stays = rest
        for p in reversed(mine):  # growth is found where it moved least of all
            found[p][own] = min(stays, abs(change[p]))
            found[p][moved] = abs(change[p]) - found[p][own]
            stays -= found[p][own]
        opposite = sum(abs(c) for c in change.values() if sign * c < 0)
        beyond = max(other[2] - opposite, 0)
        if mine and beyond:
            found[mine[0]][other[0]] += beyond
            found[mine[0]][other[1]] += beyond
    return found
