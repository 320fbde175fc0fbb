"""cohort: the triangle of accounts that began together, with its average row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from retcalc.answers.base.prepare import is_undated, prepare, refuse_undated, told_window
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, order
from retcalc.answers.customers.start_months import start_months
from retcalc.book import Book
from retcalc.core.choices import CohortAverage, CohortFigure, CohortPeriod
from retcalc.core.findings import Finding, raise_errors
from retcalc.core.months import Window, format_month
from retcalc.core.result import Block, Column, Result, Row, Value
from retcalc.kernels.cohort import Cohort, Cohorts, Periods, cohorts
from retcalc.kernels.panel_facts import cohort_sums, part_cohort_sums
from retcalc.metrics import Undefined, metric, metrics
from retcalc.metrics.confidence import wilson
from retcalc.metrics.customers.cohorts.cohort_average import averages, retention
from retcalc.metrics.metric import Rate
from retcalc.read.wording import count_that

MONTHS: Mapping[CohortPeriod, int] = {"month": 1, "quarter": 3, "year": 12}
# what is shown: the figure and its share of the start
SHOWN: Mapping[CohortFigure, tuple[str, str]] = {
    "accounts": ("accounts", "account_retention"),
    "mrr": ("mrr", "net_mrr_retention"),
    "gross": ("gross_mrr", "gross_mrr_retention"),
}
RATES = tuple(rate for _, rate in SHOWN.values())
AVERAGE_WORDS: Mapping[CohortAverage, str] = {
    "weighted": "weighted by initial size, over cohorts old enough",
    "simple": "simple, over cohorts old enough",
    "constant": "constant: cohorts that reached the oldest age shown",
}
_NO_DATES = {"cohort": "no_dates"}
BOUNDS = ("account_retention_lower", "account_retention_upper")
Triangles = dict[int, dict[int, Cohort]]  # segment code or TOTAL, then first month of the period


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the triangle should be.

    ``date``: column of the customers file that dates accounts, None for their first paid month.
    ``ages``: oldest age shown, None for all. ``average``: see ``metrics.cohort_average``.
    """

    period: CohortPeriod = "month"
    date: str | None = None
    show: CohortFigure = "accounts"
    percent: bool = True
    average: CohortAverage = "weighted"
    ages: int | None = None


def cohort_result(request: Request, asked: Asked = Asked()) -> Result:
    """The cells of every segment and in total, one row a cohort and age; average rows beside."""
    prepared = prepare(request, revenue=asked.show != "accounts", split=True)
    book, last = prepared.book, prepared.window.closing
    if asked.period != "month":
        refuse_undated(book, request, f"a {asked.period}")
    periods = Periods(MONTHS[asked.period], request.window.fiscal_start)
    dates = start_months(prepared, request, asked.date) if asked.date else None
    found, apart = _cohorts(book, last, dates[0] if dates else None, periods)
    whole = request.window.text is None
    window = Window(book.first - 1, last) if whole else prepared.window
    notes = [n for n in prepared.notes if not (whole and n.code == "RC894")]
    notes += _left_out(found, book, window, dates[1] if dates else None)
    raise_errors(notes, strict=request.strict)
    triangles = _triangles(found, apart, book, window, dated=dates is not None)
    oldest = max((len(c.cells) for c in triangles[TOTAL].values()), default=0)
    ages = oldest if asked.ages is None else min(oldest, asked.ages + 1)
    notes += _stock(triangles, book, periods, dated=dates is not None)
    undated, rows = is_undated(book, request), _rows(triangles, book, request, ages)
    return Result(
        metric="cohort",
        title=_title(asked),
        definition=_definition(request, asked, dates[1] if dates else None, book),
        columns=columns(
            asked,
            confident=request.confidence is not None,
            revenue=book.revenue,
            dated=not undated,
        ),
        rows=tuple(_without_dates(row, last) if undated else row for row in rows),
        window=told_window(book, window, request),
        currency=book.currency,
        notes=tuple(notes),
        sources=book.sources,
        extra={"average": _average(triangles, book, asked, request, ages)},
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _cohorts(
    book: Book, last: int, starts: pl.DataFrame | None, periods: Periods
) -> tuple[Cohorts, Cohorts]:
    """Cohorts that add up to the total, and those of segments: others for accounts in several."""
    found = cohorts(cohort_sums(book.panel, last, starts), last, periods)
    if book.panel.parts is None:
        return found, found
    return found, cohorts(part_cohort_sums(book.panel, last, starts), last, periods)


def _triangles(
    found: Cohorts, apart: Cohorts, book: Book, window: Window, *, dated: bool
) -> Triangles:
    """Complete cohorts that began in the window, per segment and in total."""
    triangles: Triangles = {segment: {} for segment in order(book)}

    def shown(of: Cohorts) -> list[tuple[tuple[int, int], Cohort]]:
        began = [(place, cohort) for place, cohort in sorted(of.by_segment.items()) if cohort.cells]
        began = [(p, c) for p, c in began if _within(p[1], window, book)]
        return [(p, c) for p, c in began if not (dated and _is_unseen(p[1], book))]

    for (_, start), cohort in shown(found):
        total = triangles[TOTAL].get(start)
        triangles[TOTAL][start] = cohort if total is None else total + cohort
    for (segment, start), cohort in shown(apart) if book.by else ():
        triangles[segment][start] = cohort
    return {s: dict(sorted(by_start.items())) for s, by_start in triangles.items()}


def _within(start: int, window: Window, book: Book) -> bool:
    return start > window.opening or window.opening < book.first


def _is_unseen(start: int, book: Book) -> bool:
    """True for a period before the data: who left early in it is in no row of the data."""
    return start < book.first and not book.starts_known


def _left_out(found: Cohorts, book: Book, window: Window, column: str | None) -> Iterator[Finding]:
    """Say which accounts and months are in no cell, and why."""
    sizes = [(start, c.initial_accounts, c.cells) for (_, start), c in found.by_segment.items()]
    if column is not None and found.undated:
        text = f"{found.undated} accounts have no {column} up to their last paid month:"
        yield Finding("RC850", f"{text} they are in no cohort", fix=f"complete {column}")
    unseen = sum(accounts for start, accounts, _ in sizes if _is_unseen(start, book))
    if column is not None and unseen:
        text = f"{count_that(unseen, 'account', 'has', 'have')} a {column} in a period that began"
        text += " before the data:"
        yield Finding("RC851", f"{text} it is not seen from its start, they are left out")
    if column is not None and found.early:
        text = f"{found.early} accounts paid before their {column}: those months are in no cell"
        yield Finding("RC852", text)
    running: Counter[int] = Counter()
    for start, accounts, cells in sizes:
        if not cells and _within(start, window, book):
            running[start] += accounts
    for start, accounts in sorted(running.items()):
        text = (
            f"the period from {format_month(start)} is not over in {format_month(window.closing)}"
        )
        yield Finding("RC896", f"{text}: its {accounts} accounts have no cells yet")


def _stock(triangles: Triangles, book: Book, periods: Periods, *, dated: bool) -> list[Finding]:
    """Say that the first cohort of a panel holds everybody who was there, whatever their age."""
    start = periods.start(book.first)
    cohort = triangles[TOTAL].get(start)
    if dated or cohort is None or book.starts_known:
        return []
    text = f"the data starts in {format_month(book.first)}: the {cohort.initial_accounts} accounts"
    return [Finding("RC895", f"{text} of its first cohort are a stock and may be older")]


def _title(asked: Asked) -> str:
    value, rate = SHOWN[asked.show]
    known = metric(rate).label
    words = {"accounts": "Accounts", "mrr": "MRR", "gross_mrr": "Gross MRR"}
    return f"{known if asked.percent else words[value]} by cohort"


def _definition(
    request: Request, asked: Asked, column: str | None, book: Book
) -> dict[str, str | int | bool | None]:
    fiscal = request.window.fiscal_start
    grouped = book.by or request.question.where
    undated = is_undated(book, request)
    home = "current" if request.question.segment_basis == "current" else "first paid month"
    home = home if book.panel.parts is None else "each segment that an account has"
    return {
        "profile": request.profile.name,
        "basis": "endpoints",
        "formula": metric(SHOWN[asked.show][1]).formula,
        "cohort": column or ("months before the snapshot" if undated else "first paid month"),
        "period": asked.period,
        "fiscal_year_start": fiscal if fiscal != 1 and asked.period != "month" else None,
        "average": AVERAGE_WORDS[asked.average],
        "segments_as_of": home if grouped else None,
        "min_group": request.min_group,
        "min_cohorts": request.min_cohorts,
    }


def columns(
    asked: Asked, *, confident: bool, revenue: bool, dated: bool = True
) -> tuple[Column, ...]:
    """The columns of the cells, with the interval of account retention if ``confident``.

    Without ``revenue`` the export tells of accounts only. One that is not ``dated`` tells how long
    before the snapshot a cohort began.
    """
    shown = SHOWN[asked.show][1 if asked.percent else 0]
    known = metrics()
    bounds = BOUNDS if confident else ()
    columns = (
        Column("cohort", "Cohort", "month"),
        *(() if dated else (Column("months_before", "Months before", "count"),)),
        Column("age", "Age", "count"),
        Column("accounts", "Accounts", "count", screen=shown == "accounts"),
        Column("mrr", "MRR", "money", screen=shown == "mrr"),
        Column("gross_mrr", "Gross MRR", "money", screen=shown == "gross_mrr"),
        Column("initial_accounts", "Initial accounts", "count"),
        Column("initial_mrr", "Initial MRR", "money", screen=False),
        *(known[name].column(screen=shown == name) for name in _rates(revenue)),
        *(Column(name, f"Account retention {name[18:]}", "rate", screen=False) for name in bounds),
    )
    return tuple(c for c in columns if revenue or c.unit != "money")


def _rows(triangles: Triangles, book: Book, request: Request, ages: int) -> Iterator[Row]:
    for segment, by_start in triangles.items():
        named = _named(segment, book)
        for start, cohort in by_start.items():
            for age in range(min(ages, len(cohort.cells))):
                yield _cell(start, age, cohort, named, request)


def _cell(start: int, age: int, cohort: Cohort, named: Mapping[str, str], request: Request) -> Row:
    cell, initial = cohort.cells[age], cohort.initial_accounts
    values: dict[str, Value] = {
        "cohort": start,
        "age": age,
        "accounts": cell.accounts,
        "mrr": cell.mrr,
        "gross_mrr": cell.gross_mrr,
        "initial_accounts": initial,
        "initial_mrr": cohort.initial_mrr,
    }
    rates, reasons = _valued(retention(cell, initial, cohort.initial_mrr))
    if request.confidence is not None:
        values |= dict(zip(BOUNDS, wilson(cell.accounts, initial, request.confidence), strict=True))
    return Row(values | rates, named, reasons, small=initial < request.min_group)


def _without_dates(row: Row, last: int) -> Row:
    """A cell of an undated snapshot: its cohort has no month, but began so long before."""
    start = row.values["cohort"]
    before = {"cohort": None, "months_before": last - start if isinstance(start, int) else None}
    return replace(row, values={**row.values, **before}, reasons={**row.reasons, **_NO_DATES})


def _average(triangles: Triangles, book: Book, asked: Asked, request: Request, ages: int) -> Block:
    rows = []
    for segment, by_start in triangles.items():
        for line in averages(list(by_start.values()), ages, asked.average):
            rates, reasons = _valued(line.rates)
            behind = {"cohorts": line.cohorts, "accounts": line.accounts}
            few = line.cohorts < request.min_cohorts or line.accounts < request.min_group
            values = {"age": line.age, **rates, **behind}
            rows.append(Row(values, _named(segment, book), reasons, small=few))
    return Block(average_columns(revenue=book.revenue), tuple(rows))


def average_columns(*, revenue: bool) -> tuple[Column, ...]:
    """The columns of the average rows: at each age the shares, and what stands behind them."""
    shares = (Column(name, metric(name).label, "rate") for name in _rates(revenue))
    behind = Column("cohorts", "Cohorts", "count"), Column("accounts", "Accounts", "count")
    return (Column("age", "Age", "count"), *shares, *behind)


def _rates(revenue: bool) -> tuple[str, ...]:
    """The shares of a start that an export can tell: those of accounts where it holds no money."""
    return RATES if revenue else RATES[:1]


def _valued(rates: Iterable[Rate]) -> tuple[dict[str, Value], dict[str, str]]:
    pairs = dict(zip(RATES, rates, strict=True))
    reasons = {name: rate.reason for name, rate in pairs.items() if isinstance(rate, Undefined)}
    return {n: None if isinstance(r, Undefined) else r for n, r in pairs.items()}, reasons


def _named(segment: int, book: Book) -> dict[str, str]:
    return {} if segment == TOTAL else dict(zip(book.by, book.segments[segment], strict=True))
