"""Expansion and contraction by kind, product by product. An oracle: see `walk`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

PARTS = ("quantity", "price", "cross_sell", "ramp")


@dataclass(frozen=True, slots=True)
class Line:
    """What an account pays for a product in a month: cents, and how many of it."""

    account: str
    month: int
    product: str
    cents: int
    quantity: int


Cells = Mapping[tuple[str, int], Mapping[str, tuple[int, int]]]


def cells(lines: Iterable[Line]) -> Cells:
    """Cents and quantity by account and month, then product."""
    found: dict[tuple[str, int], dict[str, tuple[int, int]]] = defaultdict(dict)
    for line in lines:
        had = found[line.account, line.month].get(line.product, (0, 0))
        whole = had[0] + line.cents, had[1] + line.quantity
        found[line.account, line.month][line.product] = whole
    return found


def half_up(value: Fraction) -> int:
    """A whole number of cents, a half away from zero."""
    size = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return size if value >= 0 else -size


def kinds(found: Cells, month: int) -> tuple[dict[str, int], dict[str, int]]:
    """The parts of expansion and of contraction of one month, over all accounts."""
    grown, shrunk = dict.fromkeys(PARTS, 0), dict.fromkeys(PARTS, 0)
    for account in {name for name, _ in found}:
        was, now = found.get((account, month - 1)), found.get((account, month))
        if not was or not now:
            continue
        parts = dict.fromkeys(PARTS, 0)
        for product in {*was, *now}:
            (before, few), (after, many) = was.get(product, (0, 0)), now.get(product, (0, 0))
            if not before or not after:
                parts["cross_sell"] += after - before
                continue
            more = half_up(Fraction(before * (many - few), few))
            parts["quantity"] += more
            parts["price"] += after - before - more
        total = sum(parts.values())
        for part, cents in parts.items():
            grown[part] += cents if total > 0 else 0
            shrunk[part] -= cents if total < 0 else 0
    return grown, shrunk
