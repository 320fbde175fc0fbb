"""The metric dictionary: one file a metric, found by its METRIC constant.

May import kernels' facts and core. A metric is plain arithmetic over small facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

from retcalc.metrics.metric import Metric, Rate, Undefined, lines_of

__all__ = [
    "Metric",
    "Rate",
    "Undefined",
    "bridge_metrics",
    "lines_of",
    "metric",
    "metric_modules",
    "metrics",
    "shown_in",
]


@cache
def _places() -> Mapping[str, str]:
    """The dotted name of every module below this folder by its last part, in order of that."""
    found = (m.name for m in walk_packages(__path__, f"{__name__}.") if not m.ispkg)
    return dict(sorted((name.rpartition(".")[2], name) for name in found))


@cache
def metric_modules() -> dict[str, ModuleType]:
    """Every module below this folder that defines a METRIC, by the metric's name."""
    modules = (import_module(place) for place in _places().values())
    return {m.METRIC.name: m for m in modules if hasattr(m, "METRIC")}


def metric(name: str) -> Metric:
    """One metric, without loading the others."""
    found: Metric = import_module(_places()[name]).METRIC
    return found


def metrics() -> dict[str, Metric]:
    """Every metric by name."""
    return {name: module.METRIC for name, module in metric_modules().items()}


# the folders of the metrics over a bridge: what most answers need, without loading the others
_OVER_A_BRIDGE = ("customers", "revenue", "revenue.averages")


@cache
def bridge_metrics() -> Mapping[str, Metric]:
    """The metrics over the lines of a bridge, in the order in which answers show them."""
    folders = {f"{__name__}.{folder}" for folder in _OVER_A_BRIDGE}
    names = (name for name, place in _places().items() if place.rpartition(".")[0] in folders)
    found = (m for m in map(metric, names) if m.shown_in)
    return {m.name: m for m in sorted(found, key=lambda m: (m.place, m.name))}


def shown_in(answer: str) -> tuple[str, ...]:
    """The names of the metrics that an answer shows, in order."""
    return tuple(name for name, m in bridge_metrics().items() if answer in m.shown_in)
