"""From options and config to one request: the only place where the two meet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, get_args

from retcalc.answers.base.assumptions import DEFAULT_TARGET, ValueRules
from retcalc.answers.base.request import RenewalRules, Request
from retcalc.answers.base.sources import Sources
from retcalc.book.columns.recognise import OPTION, ROLES
from retcalc.book.rules import (
    AmountRules,
    BillingRules,
    BookRules,
    Condition,
    DateRules,
    FxRules,
    Question,
    ReasonRules,
    SizeBands,
    Weeks,
)
from retcalc.book.values.fiscal_months import WEEKDAYS
from retcalc.cli.options import Options
from retcalc.config.definitions.profile import Profile
from retcalc.config.find import find_config
from retcalc.config.load_definition import load_profile
from retcalc.config.model.defaults import default_config
from retcalc.core.choices import Meaning
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import WindowRule, parse_month
from retcalc.metrics.discounting import Terms
from retcalc.read import ReadRules

if TYPE_CHECKING:
    from retcalc.config.load import LoadedConfig
    from retcalc.config.model.config import Config

_CONDITION = re.compile(r"\s*(.+?)\s*(!=|<=|>=|=|<|>|\sin\s)\s*(.*?)\s*", re.DOTALL)


def make_request(options: Options) -> Request:
    """Settle every question of a run: an option beats the config, the config a default."""
    loaded = load_for(options)
    config = loaded.config if loaded else default_config()
    data = tuple(options.data or config.sources.mrr)
    if not data:
        fix = "name a file, or in retcalc.yaml  sources: {mrr: FILE}"
        raise RetcalcError(Finding("RC158", "no data was named", fix=fix))
    _refuse_second_stdin(options, data)
    profile = _profile(options, config)
    return Request(
        sources=Sources(
            data=data,
            customers=options.customers or config.sources.customers,
            costs=options.costs or config.sources.costs,
            fx=options.fx or config.sources.fx,
            mergers=options.mergers or config.account.mergers,
            reasons=config.sources.reasons,
            reading=_reading(options),
            rules=_rules(options, config),
        ),
        question=_question(options, config),
        profile=profile,
        window=_window(options, config, profile),
        value=_value(config),
        renewal=RenewalRules(config.renewal.early, config.renewal.late),
        phases=config.tenure.boundaries,
        expect_total=options.expect_total,
        zone_must_act=options.timezone is not None,
        min_group=config.min_group,
        min_cohorts=config.min_cohorts,
        confidence=_confidence(options.confidence),
        strict=options.strict,
        config_sha256=loaded.sha256 if loaded else None,
    )


def _refuse_second_stdin(options: Options, data: tuple[str, ...]) -> None:
    named = (*data, options.customers, options.costs, options.fx, options.mergers)
    if named.count("-") > 1:
        fix = "save all but one of them and name the files"
        raise RetcalcError(Finding("RC100", "standard input (-) is named twice", fix=fix))


def load_for(options: Options) -> LoadedConfig | None:
    """Load the config that was named, or the one beside the data."""
    path = options.config or find_config(options.data or [])
    if path is None:
        return None
    from retcalc.config.load import load_config

    return load_config(path)


def _reading(options: Options) -> ReadRules:
    return ReadRules(
        encoding=options.encoding,
        delimiter=_mark(options.delimiter),
        skip_lines=options.skip_lines,
        remote=options.remote,
        allow_empty=options.allow_empty,
        expect_rows=options.expect_rows,
        expect_sha256=options.expect_sha256,
        untrusted=options.untrusted,
        sheet=options.sheet,
        month_from_name=options.month_from_name,
    )


def _mark(text: str | None) -> str | None:
    return "\t" if text in ("\\t", "tab") else text


def _rules(options: Options, config: Config) -> BookRules:
    named = {r: getattr(config.columns, r, None) for r in ROLES}
    given = {r: getattr(options, f"{r}_column") for r in OPTION}
    columns = {**named, **{r: c for r, c in given.items() if c}}
    amounts = config.amounts
    unit = options.unit or config.amounts.unit
    negative = options.allow_negative or amounts.negative == "allow"
    decimal = options.decimal or amounts.decimal
    thousands = options.thousands or amounts.thousands
    style = options.amounts or amounts.style
    pattern = options.date_format or config.dates.format
    return BookRules(
        shape=options.shape or config.shape,
        columns={role: column for role, column in columns.items() if column},
        amounts=AmountRules(unit, decimal, thousands, negative, style),
        dates=DateRules(
            None if pattern == "iso" else pattern,
            options.timezone or config.dates.timezone,
            _weeks(config),
            options.year or config.dates.year,
        ),
        billing=_billing(options, config),
        duplicates=options.duplicates or "refuse",
        drop_total_rows=options.drop_total_rows,
        skip_bad_rows=options.skip_bad_rows,
        filters=tuple(condition(text) for text in options.where or ()),
        left_out=_left_out(options.left_out) if options.left_out else Fraction(config.left_out),
        allow_empty_months=options.allow_empty_months,
        periods=options.periods or amounts.periods,
        missing_months=config.missing_month,
        currency=options.currency or config.currency.report,
        fx=FxRules(config.currency.policy, config.currency.at),
        parent=options.parent or config.account.column,
        size=_size(config),
        reasons=ReasonRules(**vars(config.churn_reasons)),
        words={**config.words, **_words(options.word or ())},
        ignored=tuple(options.ignore or config.ignore),
        grace=config.renewal.grace if options.grace is None else _grace(options.grace),
    )


def _words(given: Iterable[str]) -> dict[str, Meaning]:
    """Read ``--word``: a word of a status or kind, and its meaning; raises RC187."""
    words: dict[str, Meaning] = {}
    for text in given:
        word, _, name = text.rpartition("=")
        meaning = next((m for m in get_args(Meaning) if m == name.strip().lower()), None)
        if not word.strip() or meaning is None:
            fix = "--word 'WORD=active'   or =ended, =none, =paused, =past-due; for kinds =new, "
            fix += "=expansion, =contraction, =churn, =reactivation"
            raise RetcalcError(Finding("RC187", f"{text!r} is no meaning of a word", fix=fix))
        words[word.strip()] = meaning
    return words


def _question(options: Options, config: Config) -> Question:
    return Question(
        by=tuple(options.by or ()),
        where=tuple(condition(text) for text in options.where or ()),
        as_of=month_option(options.as_of) if options.as_of else config.as_of,
        segment_basis=config.segments.as_of,
    )


def _billing(options: Options, config: Config) -> BillingRules:
    given = {name: getattr(options, name) for name in vars(config.billing)}
    asked = {name: value for name, value in given.items() if value is not None}
    return BillingRules(**{**vars(config.billing), **asked})


def _weeks(config: Config) -> Weeks | None:
    calendar = config.calendar
    if calendar.pattern == "none":
        return None
    first, second, third = (int(n) for n in calendar.pattern.split("-"))
    weekday = WEEKDAYS.index(calendar.week_end)
    return Weeks((first, second, third), calendar.fiscal_year_start, calendar.year_end, weekday)


def _size(config: Config) -> SizeBands | None:
    size = config.segments.size
    return None if size is None else SizeBands(size.from_, tuple(map(str, size.bands)))


def _profile(options: Options, config: Config) -> Profile:
    basis = options.basis or config.basis
    given = {
        "basis": basis,
        "reactivation_gap": config.reactivation_gap,
        "reactivation_in_nrr": config.reactivation_in_nrr,
    }
    profile = load_profile(options.definition or config.definition)
    return replace(profile, **{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]


def _window(options: Options, config: Config, profile: Profile) -> WindowRule:
    text = options.window or profile.window or config.window
    return WindowRule(text, config.calendar.fiscal_year_start)


def _value(config: Config) -> ValueRules:
    clv, target = config.clv, config.targets.get("clv_cac")
    rate = None if clv.discount_rate is None else Fraction(clv.discount_rate)
    return ValueRules(
        margins=() if clv.gross_margin is None else (Fraction(clv.gross_margin),),
        method=clv.lifespan,
        terms=Terms(rate, clv.horizon_months),
        target=DEFAULT_TARGET if target is None else Fraction(target.to),
        lag=config.cac.lag,
        signup_column=config.columns.signup,
    )


def month_option(text: str) -> int:
    """Read a month given on the command line; raises RC156."""
    try:
        return parse_month(text)
    except ValueError as error:
        raise RetcalcError(Finding("RC156", str(error), fix="write it as 2026-10")) from None


def _left_out(text: str) -> Fraction:
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,4})?)(%?)", text.strip(), re.ASCII)
    share = Fraction(match[1]) / (100 if match[2] else 1) if match else Fraction(2)
    if share > 1:
        fix = "--left-out 5%   (0% to 100%)"
        raise RetcalcError(Finding("RC184", f"{text!r} is not a share", fix=fix))
    return share


def _grace(text: str) -> int:
    match = re.fullmatch(r"(\d{1,4})d?", text.strip(), re.ASCII)
    if match is None:
        message = f"{text!r} is not a number of days"
        raise RetcalcError(Finding("RC189", message, fix="--grace 30d"))
    return int(match[1])


def _confidence(text: str | None) -> float | None:
    if text is None:
        return None
    level = float(text) if re.fullmatch(r"\d{1,2}(\.\d+)?", text, re.ASCII) else 0.0
    if not 50 <= level < 100:
        fix = "--confidence 95   (50 to below 100)"
        raise RetcalcError(Finding("RC159", f"{text!r} is not a confidence level", fix=fix))
    return level / 100


def condition(text: str) -> Condition:
    """Read one ``--where``: column, operator, value; ``in`` takes a comma-separated list."""
    match = _CONDITION.fullmatch(text)
    if match is None:
        fix = "--where 'plan=Pro'   (also !=, <, <=, >, >=, in A,B)"
        raise RetcalcError(Finding("RC157", f"{text!r} is not a condition", fix=fix))
    column, operator, value = match[1], match[2].strip(), match[3]
    values = tuple(v.strip() for v in value.split(",")) if operator == "in" else (value,)
    return Condition(column, operator, values)  # type: ignore[arg-type]
