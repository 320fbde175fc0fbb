"""summary, nrr, grr, movements."""

from __future__ import annotations

from retcalc.cli.app import data_command
from retcalc.cli.options import Options
from retcalc.cli.plot import Plot, plotted
from retcalc.result import Result


def _bridge(command: str, options: Options, *, monthly: bool = False) -> Result:
    from retcalc.cli.request import make_request
    from retcalc.pipeline.bridges import bridge_result

    return bridge_result(command, make_request(options), monthly=monthly)


@data_command("Overview", "retcalc summary mrr.csv")
def summary(options: Options) -> Result:
    """The headline figures of one window on one screen."""
    return _bridge("summary", options)


@data_command("Revenue", "retcalc nrr mrr.csv --by plan")
def nrr(options: Options, plot: Plot = None) -> Result:
    """Net revenue retention, with the bridge behind it."""
    return plotted(lambda: _bridge("nrr", options), plot, options)


@data_command("Revenue", "retcalc grr mrr.csv --window 3m")
def grr(options: Options) -> Result:
    """Gross revenue retention, with the bridge behind it."""
    return _bridge("grr", options)


@data_command("Revenue", "retcalc movements mrr.csv -f csv")
def movements(options: Options, plot: Plot = None) -> Result:
    """The month-by-month roll-forward of MRR and accounts."""
    return plotted(lambda: _bridge("movements", options, monthly=True), plot, options)
