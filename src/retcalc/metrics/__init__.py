"""The metric dictionary: one file a metric, found by its METRIC constant.

May import kernels' facts and core. A metric is plain arithmetic over small facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

from retcalc.metrics.metric import Facts, Metric, Rate, Undefined

__all__ = ["Facts", "Metric", "Rate", "Undefined", "metric", "metric_modules", "metrics"]


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
