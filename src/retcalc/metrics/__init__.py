"""The metric dictionary: one file a metric, found by its METRIC constant.

May import kernels' facts and the leaf modules. A metric is plain arithmetic over small facts.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from retcalc.metrics.metric import Facts, Metric, Rate, Undefined

__all__ = ["Facts", "Metric", "Rate", "Undefined", "metric", "metric_modules", "metrics"]


@cache
def metric_modules() -> dict[str, ModuleType]:
    """Every module of this folder that defines a METRIC, by the metric's name."""
    modules = (import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__))
    return {m.METRIC.name: m for m in modules if hasattr(m, "METRIC")}


def metric(name: str) -> Metric:
    """One metric, without loading the others."""
    found: Metric = import_module(f"{__name__}.{name}").METRIC
    return found


def metrics() -> dict[str, Metric]:
    """Every metric by name."""
    return {name: module.METRIC for name, module in metric_modules().items()}
