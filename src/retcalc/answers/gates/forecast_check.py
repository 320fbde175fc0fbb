"""The figure of a forecast that ``check`` may judge: the MRR of one month to come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from retcalc.answers.base.prepare import prepare
from retcalc.answers.base.request import Request
from retcalc.answers.value.forecast import Asked, forecast_result, refuse_short
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import format_month, months_of_length
from retcalc.core.result import Column, Result
from retcalc.metrics.value.forecasts.forecast import METRIC

FORECAST_MRR = "forecast_mrr"
USUAL = "12m"


@cache
def forecast_answer(
    window: str | None = None, month: int | None = None
) -> Callable[[Request], Result]:
    """The answer for ``month``, else for so long a ``window`` after the closing month, else 12m."""

    def answer(request: Request) -> Result:
        prepared = prepare(request)
        closing, first = prepared.window.closing, prepared.book.first
        ahead = months_of_length(window or USUAL, f"window: {USUAL}")
        months = ahead if month is None else month - closing
        if months < 1:
            raise _not_ahead(closing + months, closing)
        refuse_short(closing - first + 1, months, request, "window: {}m   in the check")
        result = forecast_result(request, Asked(months=months))
        rows = tuple(
            replace(row, values={FORECAST_MRR: row.values["mrr"]})
            for row in result.rows
            if row.values["month"] == closing + months
        )
        columns = (Column(FORECAST_MRR, METRIC.label, "money"),)
        return replace(result, columns=columns, rows=rows)

    return answer


def _not_ahead(month: int, closing: int) -> RetcalcError:
    message = f"{format_month(month)} is no month to come of {FORECAST_MRR}"
    value = f"the last month of the data is {format_month(closing)}"
    fix = f"month: {format_month(closing + 1)}   in the check, or a later one"
    return RetcalcError(Finding("RC151", message, value=value, fix=fix))
