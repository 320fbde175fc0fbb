"""One file a shape of export; each turns a sheet into spans of months."""

from collections.abc import Mapping
from importlib import import_module

from retcalc.book.shapes.common.shape import Shape

# the file of each shape; only that of the export at hand is loaded
SHAPES: Mapping[str, str] = {
    "long": "long",
    "wide": "wide",
    "intervals": "subscriptions",
    "invoices": "invoices",
    "movements": "movement_log",
    "states": "states",
    "payments": "payments",
    "snapshot": "snapshot",
}


def shape_of(name: str) -> Shape:
    """The shape of a name."""
    shape: Shape = import_module(f"{__name__}.{SHAPES[name]}").SHAPE
    return shape


__all__ = ["SHAPES", "shape_of"]
