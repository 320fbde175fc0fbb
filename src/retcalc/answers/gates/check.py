"""check: the assertions of the config, each a figure, its limits and a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

from retcalc.answers.base.request import Request
from retcalc.answers.base.sources import open_sources
from retcalc.answers.contracts.churn_kind_rates import RATES as KINDS_OF_CHURN
from retcalc.answers.contracts.churn_kind_rates import churn_kind_rates
from retcalc.answers.contracts.renewals import RATES as RENEWAL_COLUMNS
from retcalc.answers.contracts.renewals import renewals_result
from retcalc.answers.contracts.win_back import win_back_result
from retcalc.answers.gates.forecast_check import FORECAST_MRR, forecast_answer
from retcalc.answers.gates.published_bands import bands
from retcalc.answers.gates.top_losses import culprits
from retcalc.answers.gates.verdict import COLUMNS, Figure, Limit, Verdict, verdict_row
from retcalc.answers.revenue.contracted import NAMES as CONTRACTED
from retcalc.answers.revenue.rollforward import COUNTS, MONEY, bridge_result, shown
from retcalc.answers.value.clv import clv_result
from retcalc.answers.value.clv_cac import cac_result
from retcalc.book import Condition, Question
from retcalc.config.model.config import Check, Config, Target
from retcalc.core.findings import Finding, RetcalcError, did_you_mean
from retcalc.core.months import WindowRule, format_month
from retcalc.core.result import Block, Column, Result, Row, Value
from retcalc.metrics import metrics

BANDS = (
    Column("metric", "Metric", "text"),
    Column("who", "Who", "text"),
    Column("low", "Low", "rate"),
    Column("good", "Good", "rate"),
    Column("top", "Top", "rate"),
    Column("months", "Months", "count"),
    Column("source", "Source", "text"),
)
SOURCE_FIGURES = ("rows", "bad_share", "months_behind")


def check_result(
    request: Request, config: Config, benchmarks: str | None = None
) -> tuple[Result, int]:
    """Judge every check and target of the config; status 1 when one of severity error fails.

    ``benchmarks`` is a file of published bands in place of the one that comes with retcalc.
    """
    targets = config.targets
    metrics = [*(c.metric for c in config.checks), *(t.metric or n for n, t in targets.items())]
    if not metrics:
        fix = "write in retcalc.yaml  checks: [{metric: nrr, min: 1.00}]"
        raise RetcalcError(Finding("RC180", "the config has no checks", fix=fix))
    _refuse_unknown(metrics)
    columns = _columns_named(request, config.checks, targets.values())
    request = request.with_reasons(None, None)
    request = replace(request, opened=open_sources(request.sources, columns))
    answers: Answers = {}
    checks = [*config.checks, *_targets(targets, request, answers)]
    verdicts = [v for check in checks for v in _judge(check, request, answers)]
    base = _answer(request, answers)
    failed = [v for v in verdicts if not v.holds]
    result = Result(
        metric="check",
        title=f"{len(verdicts) - len(failed)} of {len(verdicts)} checks hold",
        definition=dict(base.definition) | {"formula": "value against limit"},
        columns=COLUMNS,
        rows=tuple(verdict_row(v) for v in verdicts),
        window=base.window,
        currency=base.currency,
        notes=base.notes,
        sources=base.sources,
        config_sha256=request.config_sha256,
        extra={**_named(failed), **_published(verdicts, benchmarks)},
    )
    return result, 1 if any(v.severity == "error" for v in failed) else 0


def _columns_named(
    request: Request, checks: Iterable[Check], targets: Iterable[Target]
) -> list[str]:
    """The columns that any question of the run names."""
    names = [*request.question.columns]
    for check in checks:
        names += [*check.by, *check.where]
    return [*names, *(column for target in targets for column in target.where)]


def _judge(check: Check, request: Request, answers: Answers) -> Iterator[Verdict]:
    """Verdicts of one check: one per limit and segment."""
    asked = _request_of(check, request)
    now = _figures(check, asked, answers)
    name = check.name or _name(check)
    for kind, bound in _limits(check):
        moves = kind in ("max_drop", "max_rise")
        before = _figures(check, _month_earlier(asked, answers), answers) if moves else {}
        limit = Limit(kind, bound, Fraction(check.tolerance or 0))
        for segment, figure in now.items():
            judged = _move(kind, before.get(segment), figure) if moves else figure
            label = f"{name} {' '.join(segment)}".strip()
            where = dict(zip(check.by, segment, strict=False))
            yield Verdict(label, check.metric, judged, limit, check.severity, where, asked)


def _move(kind: str, before: Figure | None, now: Figure) -> Figure:
    """The fall or the rise of a figure since a month earlier."""
    if now.value is None or before is None or before.value is None:
        return Figure(None, now.reason or (None if before else "no_earlier_month"))
    return Figure((now.value - before.value) * (-1 if kind == "max_drop" else 1))


def _request_of(check: Check, request: Request) -> Request:
    where = tuple(Condition(c, "in", tuple(v)) for c, v in check.where.items())
    asked = request.question
    as_of, text = asked.as_of, request.window.text
    if check.metric == "months_behind":
        as_of = None
    elif check.metric != FORECAST_MRR:  # its month and its window lie ahead
        as_of = as_of if check.month is None else check.month
        text = check.window or text
    question = replace(asked, where=(*asked.where, *where), by=tuple(check.by), as_of=as_of)
    window = replace(request.window, text=text)
    return replace(request, question=question, window=window)


def _month_earlier(request: Request, answers: Answers) -> Request:
    closing = _closing(_answer(request, answers))
    return replace(request, question=replace(request.question, as_of=closing - 1))


def _closing(result: Result) -> int:
    return result.window.closing if result.window else 0


Answerer = Callable[[Request], Result]
Answers = dict[tuple[Question, WindowRule, Answerer], Result]


def summary_result(request: Request) -> Result:
    """The answer that holds every metric over a bridge."""
    return bridge_result("summary", request)


@cache
def judged() -> Mapping[str, Answerer]:
    """Every figure that a check may name, and the answer that holds it."""
    return {
        **dict.fromkeys((*shown("summary"), *MONEY, *COUNTS), summary_result),
        **dict.fromkeys((*CONTRACTED, *SOURCE_FIGURES), summary_result),
        **dict.fromkeys(KINDS_OF_CHURN, churn_kind_rates),
        "win_back_rate": win_back_result,
        **dict.fromkeys((c.name for c in RENEWAL_COLUMNS), renewals_result),
        **dict.fromkeys(("clv", "lifespan_months"), clv_result),
        **dict.fromkeys(("cac", "clv_cac", "payback_months", "magic_number"), cac_result),
        FORECAST_MRR: forecast_answer(),
    }


def _refuse_unknown(metrics: Sequence[str]) -> None:
    """Refuse checks and targets of what no answer holds (RC181), all of them at once."""
    known = judged()
    wrong = [metric for metric in dict.fromkeys(metrics) if metric not in known]
    if wrong:
        raise RetcalcError([_unknown(metric, tuple(known)) for metric in wrong])


def _unknown(metric: str, known: Sequence[str]) -> Finding:
    fix = did_you_mean(metric, known) or f"one of {', '.join(known)}"
    return Finding("RC181", f"check cannot judge {metric!r}", fix=fix)


def _answer(request: Request, answers: Answers, make: Answerer = summary_result) -> Result:
    """Compute what several checks ask for only once."""
    key = (request.question, request.window, make)
    if key not in answers:
        answers[key] = make(request)
    return answers[key]


Figures = dict[tuple[str, ...], Figure]


def _figures(check: Check, request: Request, answers: Answers) -> Figures:
    """The figure per segment (empty key for the total), money in major units."""
    metric = check.metric
    known = judged()
    forecast = metric == FORECAST_MRR
    make = forecast_answer(check.window, check.month) if forecast else known[metric]
    result = _answer(request, answers, make)
    if metric in SOURCE_FIGURES:
        return {(): Figure(_source_figure(check, result))}
    money = {c.name for c in result.columns if c.unit == "money"}
    figures: Figures = {}
    rows = result.rows if request.question.by else result.rows[-1:]
    for row in rows:
        if metric not in row.values:
            held = ", ".join(name for name in row.values if name in known)
            text = f"check cannot judge {metric!r} of this data"
            raise RetcalcError(Finding("RC181", text, fix=f"one of {held}"))
        value = row.values[metric]
        exact = Fraction(value) if isinstance(value, int | Fraction) else None
        if exact is not None and metric in money:
            exact /= result.currency.per_major
        figures[tuple(row.segment.values())] = Figure(
            exact, row.reasons.get(metric), metric in row.at_least
        )
    return figures


def _source_figure(check: Check, result: Result) -> Fraction:
    """Rows read, share of rows with a note, or months the data ends before ``month``."""
    if check.metric == "months_behind":
        wanted = _closing(result) if check.month is None else check.month
        return Fraction(max(0, wanted - _closing(result)))
    total = sum(s.rows for s in result.sources)
    if check.metric == "rows":
        return Fraction(total)
    touched = {
        (s.file, s.line) for n in result.notes for s in n.spots if not n.is_information and s.line
    }
    return Fraction(len(touched), total) if total else Fraction(0)


def _limits(check: Check) -> Iterator[tuple[str, Fraction]]:
    for kind in ("min", "max", "equals", "max_drop", "max_rise"):
        bound: Decimal | None = getattr(check, kind)
        if bound is not None:
            yield kind, Fraction(bound)


def _targets(targets: Mapping[str, Target], request: Request, answers: Answers) -> Iterator[Check]:
    """Targets as checks: on a glide path the level that this month asks for."""
    for name, target in targets.items():
        metric, level = target.metric or name, target.to
        start, by, closing = target.start, target.by, None
        if start is not None and by is not None and target.from_ is not None:
            closing = _closing(_answer(request, answers))
            part = Fraction(min(max(closing - start, 0), by - start), by - start)
            exact = Fraction(target.from_) + (Fraction(target.to) - Fraction(target.from_)) * part
            level = Decimal(exact.numerator) / Decimal(exact.denominator)
        lower = target.from_ is not None and target.to < target.from_
        bound = {"max": level} if lower or _less_is_better(metric) else {"min": level}
        label = f"target {name}" + (f" in {format_month(closing)}" if closing is not None else "")
        yield Check(
            metric=metric, name=label, where=target.where, severity=target.severity, **bound
        )


def _less_is_better(metric: str) -> bool:
    named = metrics().get(metric)
    return named is not None and named.better == "less"


def _name(check: Check) -> str:
    parts = [
        check.metric,
        check.window or "",
        " ".join(f"{c}={','.join(v)}" for c, v in check.where.items()),
    ]
    return " ".join(p for p in parts if p)


def _named(failed: Sequence[Verdict]) -> dict[str, Block | Mapping[str, Value]]:
    """The accounts that made a failed figure fall short, the largest losses first."""
    blocks = [culprits(v.name, v.metric, v.segment, v.request) for v in failed]
    rows = tuple(row for block in blocks if block for row in block.rows)
    columns = next((b.columns for b in blocks if b), ())
    return {"accounts": Block(columns, rows)} if rows else {}


def _published(
    verdicts: Sequence[Verdict], file: str | None
) -> dict[str, Block | Mapping[str, Value]]:
    """The bands that others publish of the judged metrics, each with its source."""
    asked = {verdict.metric for verdict in verdicts}
    rows = tuple(
        Row({c.name: getattr(band, c.name) for c in BANDS})
        for band in bands(file)
        if band.metric in asked
    )
    return {"benchmarks": Block(BANDS, rows)} if rows else {}
