"""One file a shape of export; each turns a sheet into spans of months."""

from collections.abc import Mapping

from retcalc.book.shapes import (
    invoices,
    long,
    movement_log,
    payments,
    snapshot,
    states,
    subscriptions,
    wide,
)
from retcalc.book.shapes.common.shape import Shape

SHAPES: Mapping[str, Shape] = {
    s.SHAPE.name: s.SHAPE
    for s in (long, wide, subscriptions, invoices, movement_log, states, payments, snapshot)
}

__all__ = ["SHAPES"]
