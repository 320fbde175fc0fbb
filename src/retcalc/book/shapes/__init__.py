"""One file a shape of export; each turns a sheet into spans of months."""

from collections.abc import Mapping

from retcalc.book.shapes import invoices, long, movement_log, snapshot, subscriptions, wide
from retcalc.book.shapes.common.shape import Shape

SHAPES: Mapping[str, Shape] = {
    s.SHAPE.name: s.SHAPE for s in (long, wide, subscriptions, invoices, movement_log, snapshot)
}

__all__ = ["SHAPES"]
