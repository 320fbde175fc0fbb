"""A curve as a few lines of text: a bar an age, from nothing up to the full height."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

from retcalc.render.numbers import half_up

_ROWS = 6
_AXIS = 6  # cells for the labels of the axis
_WIDEST = 4  # cells of a bar and the gap beside it
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


def curve_lines(
    shares: Sequence[Fraction | None],
    width: int,
    rule: str,
    bars: str,
    pale_from: int | None = None,
    pale: str = "",
) -> Iterator[str]:
    """Draw shares by age in about ``width`` cells; None leaves a gap.

    The axis starts at zero and reaches 100% at least. ``bars``: characters from a low to a full
    bar. Where ages outnumber the cells, only every n-th is drawn. From the age ``pale_from`` on
    bars are of ``pale``.
    """
    room = max(1, width - _AXIS)
    every = ceil(len(shares) / room)
    drawn = list(shares)[::every]
    slot = min(_WIDEST, room // len(drawn))
    top = Fraction(ceil(5 * max([Fraction(1), *(s for s in drawn if s is not None)])), 5)
    heights = [_height(share, top, len(bars)) for share in drawn]
    for row in reversed(range(_ROWS)):
        label = {_ROWS - 1: top, _ROWS // 2 - 1: top / 2}.get(row)
        filled = [min(max(height - row * len(bars), 0), len(bars)) for height in heights]
        marks = (
            _mark(f, bars, pale_from is not None and n * every >= pale_from, pale)
            * max(1, slot - 1)
            for n, f in enumerate(filled)
        )
        yield f"{_percent(label):>{_AXIS - 1}} {_spread(marks, slot)}".rstrip()
    yield f"{_percent(Fraction(0)):>{_AXIS - 1}} {rule * (slot * len(drawn))}"
    yield " " * _AXIS + _ages(len(drawn), every, slot)


def _height(share: Fraction | None, top: Fraction, levels: int) -> int:
    """Bar height in parts of a line; what is above nothing is seen."""
    if not share:
        return 0
    return max(1, half_up(*(share / top * _ROWS * levels).as_integer_ratio()))


def _mark(filled: int, bars: str, is_pale: bool, pale: str) -> str:
    if not filled:
        return " "
    return pale if is_pale else bars[filled - 1]


def _percent(share: Fraction | None) -> str:
    return "" if share is None else f"{half_up(*(share * 100).as_integer_ratio())}%"


def _spread(marks: Iterator[str], slot: int) -> str:
    return "".join(mark.ljust(slot) for mark in marks)


def _ages(count: int, every: int, slot: int) -> str:
    """Label as many ages as there is room for, at an even step."""
    longest = len(str((count - 1) * every)) + 1
    step = next((s for s in _STEPS if s * slot >= longest), _STEPS[-1])
    labels = (str(i * every) for i in range(0, count, step))
    return "".join(label.ljust(step * slot) for label in labels).rstrip()
