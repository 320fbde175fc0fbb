"""report: the Results of one close, from sources that are read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from retcalc.answers.base.prepare import Prepared, prepare, refuse_undated
from retcalc.answers.base.request import Request
from retcalc.answers.base.sources import open_sources
from retcalc.answers.contracts.churn_reasons import churn_reasons_result, reasons_are_stated
from retcalc.answers.contracts.win_back import win_back_result
from retcalc.answers.customers.cohort import cohort_result
from retcalc.answers.customers.survival import survival_result
from retcalc.answers.gates.published_bands import bands
from retcalc.answers.revenue.concentration import concentration_result
from retcalc.answers.revenue.rollforward import bridge_result, prepared_result
from retcalc.answers.value.clv import clv_result
from retcalc.answers.value.clv_cac import cac_result
from retcalc.answers.value.forecast import Asked, forecast_result, longest_ahead
from retcalc.core.months import Window
from retcalc.core.result import Column, Report, Result
from retcalc.read.wording import counted

FORECAST_MONTHS, LEAST_FORECAST = 12, 2  # ahead: at most, and for a fan at least
TRAILING_MONTHS = 36  # at most so many windows, ending with the closing month
_NO_MARGIN = "needs the gross margin: --margin 0.8, or in retcalc.yaml  clv: {gross_margin: 0.8}"
_NO_COSTS = "needs the costs: --costs spend.csv, or in retcalc.yaml  sources: {costs: spend.csv}"

_SHOWN = ("opening_mrr", "closing_mrr", "nrr", "grr", "logo_churn")  # beside the picture

Tell = Callable[[str, int, int], None]
Make = Callable[[], Result]


def report(request: Request, tell: Tell = lambda *_: None) -> Report:
    """Every answer whose inputs exist; ``tell`` hears which one is made, its number, how many.

    Headlines, values and concentration are of the window. Movements, cohorts and lives are of all
    months up to its end, whatever the window, so that a picture shows where it comes from.
    """
    tell("reading", 0, 1)
    request = request.with_reasons(None, None)
    request = replace(request, opened=open_sources(request.sources, request.question.columns))
    whole = replace(request, window=replace(request.window, text=None))
    alone = replace(whole, question=replace(whole.question, by=()))
    prepared = prepare(alone, revenue=False, accounts=False)
    refuse_undated(prepared.book, request, "a report")
    months = min(FORECAST_MONTHS, _months_ahead(prepared, request))
    answers: dict[str, Make] = {
        "summary": lambda: bridge_result("summary", request),
        "movements": lambda: bridge_result("movements", whole, monthly=True),
        "trailing": lambda: trailing_result(request),
        "churn_reasons": lambda: churn_reasons_result(request),
        "win_back": lambda: win_back_result(whole),
        "cohort": lambda: cohort_result(whole),
        "survival": lambda: survival_result(whole),
        "clv": lambda: clv_result(request),
        "clv_cac": lambda: cac_result(request),
        "concentration": lambda: concentration_result(request, lorenz=True),
        "forecast": lambda: forecast_result(alone, Asked(months=months)),
    }
    left_out = dict(_left_out(request, months))
    without = {*left_out, *(() if reasons_are_stated(request) else ("churn_reasons",))}
    asked = {name: make for name, make in answers.items() if name not in without}
    parts = {}
    for number, (name, make) in enumerate(asked.items(), 1):
        tell(name, number, len(asked))
        parts[name] = make()
    if not parts["win_back"].rows[-1].values["returned_accounts"]:
        del parts["win_back"]  # nobody came back
    return Report(parts, bands(), left_out)


def trailing_result(request: Request) -> Result:
    """The window's rates at every month-end that the data can fill: the total, a row a month."""
    prepared = prepare(request, split=True)
    window, alone = prepared.window, replace(prepared, book=replace(prepared.book, by=()))
    ends = range(prepared.book.first + window.months, window.closing + 1)
    if not window.months:  # no data at all
        ends = range(0)
    result = prepared_result("nrr", request, alone)
    rows = []
    for month in ends[-TRAILING_MONTHS:]:
        ending = replace(alone, window=Window(month - window.months, month))
        (row,) = prepared_result("nrr", request, ending).rows
        rows.append(replace(row, values={"month": month, **row.values}))
    return replace(
        result,
        metric="trailing",
        title=f"Retention over {window.months} months, by closing month",
        columns=(
            Column("month", "Closing month", "month"),
            *(replace(c, screen=c.name in _SHOWN) for c in result.columns),
        ),
        rows=tuple(rows),
        window=window,
        notes=prepared.notes,
        by=(),
    )


def _months_ahead(prepared: Prepared, request: Request) -> int:
    """How many months ahead the history of the data allows to forecast."""
    return longest_ahead(prepared.window.closing - prepared.book.first + 1, request)


def _left_out(request: Request, months_ahead: int) -> Iterator[tuple[str, str]]:
    if months_ahead < LEAST_FORECAST:
        missing = LEAST_FORECAST - months_ahead
        yield "forecast", f"needs {counted(missing, 'month')} more of history"
    if not request.value.margins:
        yield "clv", _NO_MARGIN
        yield "clv_cac", _NO_MARGIN
    elif request.sources.costs is None:
        yield "clv_cac", _NO_COSTS
