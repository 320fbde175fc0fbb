"""forecast: MRR and accounts of the months to come, with intervals and the back-test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor, sqrt

from retcalc.answers.base.prepare import prepare, refuse_undated
from retcalc.answers.base.request import Request
from retcalc.answers.base.rows import row_of
from retcalc.answers.base.sums import TOTAL, order
from retcalc.answers.value.forecast_due import falls_due
from retcalc.answers.value.forecast_tables import History, tables, whole_minor
from retcalc.book import Book
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import Window
from retcalc.core.result import Column, Result, Row
from retcalc.kernels.cohort import Periods, cohorts
from retcalc.kernels.panel_facts import cohort_sums
from retcalc.metrics.metric import Undefined
from retcalc.metrics.value.forecasts import forecast as arithmetic
from retcalc.metrics.value.forecasts.intervals import conformal
from retcalc.metrics.value.forecasts.methods import Past, forecast, new_pace, total_at
from retcalc.read.wording import counted

LEVEL = 0.8
COLUMNS = (
    Column("month", "Month", "month"),
    Column("mrr", "MRR", "money"),
    Column("lower", "Lower", "money"),
    Column("upper", "Upper", "money"),
    Column("accounts", "Accounts", "count"),
    Column("from_existing", "From existing", "money"),
    Column("from_new", "From new", "money"),
    Column("method", "Method", "text"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Months ahead, new MRR a month in major units (None: as of late), and cohorts beside."""

    months: int = 12
    new: Fraction | None = None
    by_cohort: bool = False


@dataclass(frozen=True, slots=True)
class _New:
    """New MRR and accounts a month; None where no new account tells the ARPA to count them by."""

    mrr: float
    accounts: float | None
    given: bool


def parse_new(text: str) -> Fraction:
    """Read new business such as ``40000/month`` or ``40000``; raises RC186."""
    match = re.fullmatch(r"(\d{1,15}(?:\.\d{1,6})?)(?:/month)?", text.strip(), re.ASCII)
    if match is None:
        fix = "--new 40000/month"
        raise RetcalcError(Finding("RC186", f"{text!r} is not new MRR a month", fix=fix))
    return Fraction(match[1])


def forecast_result(request: Request, asked: Asked = Asked()) -> Result:
    """A row a month to come, per segment and in total; each is forecast from its own past."""
    prepared = prepare(request)
    refuse_undated(prepared.book, request, "a forecast")
    book, last = prepared.book, prepared.window.closing
    level = request.confidence or LEVEL
    refuse_short(last - book.first + 1, asked.months, request, "--months {}")
    histories = {s: _history(past, asked.months) for s, past in pasts(book, last).items()}
    given = None if asked.new is None else float(asked.new * book.currency.per_major)
    pace = new_pace(histories[TOTAL].past.mrr)
    return Result(
        metric="forecast",
        title="Forecast",
        definition=_definition(request, asked, level),
        columns=COLUMNS,
        rows=tuple(
            row
            for s, h in histories.items()
            for row in _rows(
                book, s, h, last, asked.months, _new(h, s == TOTAL, given, pace), level
            )
        ),
        window=Window(book.first - 1, last),
        currency=book.currency,
        notes=tuple(n for n in prepared.notes if n.code != "RC894"),
        sources=book.sources,
        extra={
            **falls_due(prepared, request, asked.months),
            **tables(book, histories, last, asked.months, by_cohort=asked.by_cohort),
        },
        by=book.by,
        config_sha256=request.config_sha256,
    )


def longest_ahead(history: int, request: Request) -> int:
    """How many months ahead so much history allows; 0 or less for none."""
    return history - arithmetic.months_needed(0, request.confidence or LEVEL)


def refuse_short(history: int, months: int, request: Request, fix: str) -> None:
    """Refuse where the history is too short (RC185); ``fix`` holds {} for the months it allows."""
    longest = longest_ahead(history, request)
    missing = months - longest
    if missing <= 0:
        return
    message = f"a forecast of {counted(months, 'month')} needs {counted(missing, 'month')} more"
    value = f"{counted(history, 'month')} of history; {history + missing} are needed"
    fix = fix.format(longest) if longest > 0 else "export more of the past"
    raise RetcalcError(Finding("RC185", f"{message} of history", value=value, fix=fix))


def pasts(book: Book, last: int) -> dict[int, Past]:
    """What cohorts paid by age up to the month-end ``last``, per segment and in total."""
    length = last - book.first + 1
    found = cohorts(cohort_sums(book.panel, last), last, Periods()).by_segment
    empty = [[0.0] * (length - start) for start in range(length)]
    known = {}
    for segment in order(book):
        mrr, accounts = [row[:] for row in empty], [row[:] for row in empty]
        for (home, start), cohort in found.items():
            if segment not in (TOTAL, home):
                continue
            for age, cell in enumerate(cohort.cells):
                mrr[start - book.first][age] += cell.mrr
                accounts[start - book.first][age] += cell.accounts
        known[segment] = Past(mrr, accounts)
    return known


def _history(past: Past, months: int) -> History:
    errors = arithmetic.back_test(past, months)
    return History(past, errors, arithmetic.best_method(errors))


def _definition(request: Request, asked: Asked, level: float) -> dict[str, str | int | bool | None]:
    return {
        "profile": request.profile.name,
        "basis": None,
        "formula": arithmetic.METRIC.formula,
        "estimates": "mrr, lower, upper, accounts, from_existing, from_new",
        "interval": f"conformal {100 * level:g}%, from the errors of the back-test by horizon",
        "existing": "accounts that paid up to the as-of month, their returns included",
        "new": "mean of the last 12 months" if asked.new is None else _given(asked.new),
        "segment": "as of the account's first month; each is forecast alone, so that they need "
        "not add up to the total"
        if request.question.by
        else None,
    }


def _given(new: Fraction) -> str:
    text = f"{float(new):.15g} a month, as given, at the ARPA and split of the last 12 months"
    return f"{text}; the interval is that of existing accounts"


def _new(history: History, is_total: bool, given: float | None, pace: float) -> _New:
    """New business of a segment: as of late, or its share of what was given for the whole."""
    mrr, accounts = new_pace(history.past.mrr), new_pace(history.past.accounts)
    if given is None:
        return _New(mrr, accounts, given=False)
    if not pace:
        return _New(given if is_total else 0.0, None, given=True)
    return _New(mrr * given / pace, accounts * given / pace, given=True)


def _rows(
    book: Book,
    code: int,
    history: History,
    last: int,
    months: int,
    new: _New,
    level: float,
) -> Iterator[Row]:
    currency, errors = book.currency, history.errors[history.method]
    ahead = forecast(history.method, history.past, months)
    mrr, accounts = ahead.mrr, ahead.accounts
    now = total_at(history.past.mrr, history.past.months - 1)
    begins = mrr.new(new.mrr)
    past = errors.existing if new.given else errors.total
    joined = None if new.accounts is None else accounts.new(new.accounts)
    for h, (kept, staying) in enumerate(zip(mrr.existing, accounts.existing, strict=True)):
        existing, begun = whole_minor(kept, currency), whole_minor(begins[h], currency)
        half = conformal(past[h], level)
        wide = half if isinstance(half, Undefined) else whole_minor(half * sqrt(now), currency)
        values = {
            "month": last + 1 + h,
            "mrr": existing + begun,
            "lower": wide if isinstance(wide, Undefined) else max(0, existing + begun - wide),
            "upper": wide if isinstance(wide, Undefined) else existing + begun + wide,
            "accounts": Undefined("no_new_accounts")
            if joined is None
            else floor(staying + joined[h] + 0.5),
            "from_existing": existing,
            "from_new": begun,
            "method": history.method,
        }
        yield row_of(values, book, code)
