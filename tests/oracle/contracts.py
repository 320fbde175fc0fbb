"""What is signed and what is cancelled on a day, row by row. An oracle: see `walk`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Contract:
    """One subscription with its days; the end is the first day without it."""

    account: str
    start: date
    end: date | None
    signed: date | None
    cancelled: date | None
    mrr: Fraction


def carr(contracts: Iterable[Contract], day: date) -> tuple[Fraction, Fraction, Fraction]:
    """MRR in force on a day, signed by then and not begun, cancelled by then and not ended."""
    force = signed = cancelling = Fraction(0)
    for one in contracts:
        ended = one.end is not None and one.end <= day
        is_cancelled = one.cancelled is not None and one.cancelled <= day
        if one.start <= day and not ended:
            force += one.mrr
            cancelling += one.mrr if is_cancelled else 0
        if one.start > day and not is_cancelled and (one.end is None or one.end > one.start):
            signed += one.mrr if one.signed is None or one.signed <= day else 0
    return force, signed, cancelling
