"""One file a shape of export; each turns a sheet into spans of months."""

from collections.abc import Mapping

from retcalc.book.shapes import intervals, invoices, long, movements, snapshot, wide
from retcalc.book.sheet import Shape

SHAPES: Mapping[str, Shape] = {
    s.SHAPE.name: s.SHAPE for s in (long, wide, intervals, invoices, movements, snapshot)
}

__all__ = ["SHAPES"]
