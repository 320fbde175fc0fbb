"""The JSON Schema of results, from the columns that every answer declares.

A metric is in it by being one. A new answer gets its line in ``answers``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from retcalc.answers.base.confidence import interval_of
from retcalc.answers.contracts import churn_reasons, renewals, win_back
from retcalc.answers.customers import cohort, survival, survival_fits, tenure
from retcalc.answers.gates import check, close, top_losses
from retcalc.answers.revenue import change_kinds, concentration, contracted, rollforward, trailing
from retcalc.answers.trust import (
    account_history,
    compare,
    contracted_accounts,
    explain,
    kind_accounts,
    lost_accounts,
    source_rows,
    validate,
)
from retcalc.answers.value import (
    clv,
    clv_cac,
    clv_factors,
    forecast,
    forecast_due,
    forecast_tables,
    lifespans_beside,
    whatif,
)
from retcalc.core.result import Column
from retcalc.metrics import metric
from retcalc.metrics.discounting import Terms
from retcalc.metrics.metric import Fact

Schema = dict[str, Any]
Columns = Iterable[Column]
BOTH: set[Fact] = {"revenue", "accounts"}
FRAME = Path(__file__).parent / "result_frame.json"  # what does not follow from columns
OF_UNIT = {
    "money": "money",
    "count": "count",
    "rate": "number",
    "ratio": "number",
    "number": "number",
    "month": "month",
    "text": "text",
    "flag": "flag",
    "any": "any",
}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an answer: columns that every row has, those of some, tables inside of rows."""

    always: Columns
    sometimes: Columns = ()
    inside: Mapping[str, Columns] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The tables that an answer's rows can be, and the further tables beside them."""

    tables: list[Table]
    beside: Mapping[str, Columns | Table] = field(default_factory=dict)
    number: str = ""  # the part without which there is no one number, and so no formula


def schema_text() -> str:
    """Give the schema as the text of configs/schema/result.schema.json."""
    return json.dumps(result_schema(), indent=1, ensure_ascii=False) + "\n"


def result_schema() -> Schema:
    """Give the JSON Schema (2020-12) of what ``--format json`` prints."""
    known = answers()
    schema: Schema = json.loads(FRAME.read_text("utf-8"))
    schema["properties"]["metric"]["enum"] = sorted(known)
    schema["allOf"] = [
        {
            "if": {"properties": {"metric": {"const": name}}},
            "then": {"properties": _parts(known[name]), **_formula(known[name])},
        }
        for name in sorted(known)
    ]
    return schema


def answers() -> dict[str, Answer]:
    """What every command prints."""
    factors = clv_factors.columns(Terms(), ())
    discounted = _without(clv_factors.columns(Terms(discount_rate=Fraction(1)), ()), factors)
    average = cohort.average_columns(revenue=False)
    plans = whatif.columns(yearly=False), whatif.columns(yearly=True)
    return {
        **{name: _over_a_bridge(name) for name in rollforward.ANSWERS},
        "churn": _churn(),
        "check": Answer(
            [Table(check.COLUMNS)], {"accounts": top_losses.COLUMNS, "benchmarks": check.BANDS}
        ),
        "close": Answer([Table(close.COLUMNS)]),
        "clv": Answer(
            [Table(factors, discounted), Table((*clv.PERIOD, *factors, *clv.CHANGE), discounted)],
            {
                "fits": survival_fits.JUDGED,
                "why_lifespans_differ": lifespans_beside.COLUMNS,
            },
        ),
        "clv_cac": Answer([Table((*factors, *clv_cac.COLUMNS), discounted)]),
        "cohort": Answer(
            [_with_interval(partial(_cells, revenue=revenue)) for revenue in (True, False)],
            {"average": Table(average, _without(cohort.average_columns(revenue=True), average))},
        ),
        "compare": Answer(
            [
                Table(compare.columns("nrr"), inside={"walk": compare.walk_columns("money")}),
                Table(compare.columns("nrr"), inside={"walk": compare.walk_columns("count")}),
            ],
            {"accounts": compare.account_columns("any")},
        ),
        "concentration": Answer(
            [Table(concentration.COLUMNS, inside={"top": concentration.TOP_COLUMNS})],
            {"lorenz": concentration.LORENZ_COLUMNS},
        ),
        "explain": Answer(
            [
                _accounts(),
                Table(account_history.COLUMNS),
                Table(contracted_accounts.COLUMNS),
                Table(kind_accounts.COLUMNS),
                _without_money(lost_accounts.REASONS),
                _without_money(lost_accounts.RETURNS),
            ],
            number="number",
        ),
        "forecast": Answer(
            [Table(forecast.COLUMNS)],
            {
                "backtest": forecast_tables.BACK_TEST,
                "chain_ladder": forecast_tables.CHAIN_LADDER,
                "seen": forecast_tables.SEEN,
                "cohorts": forecast_tables.COHORTS,
                "due_for_renewal": forecast_due.DUE,
            },
        ),
        "renewals": Answer(
            [_plain(renewals.SUMS, renewals.RATES, [renewals.MONTH]), _plain(renewals.ACCOUNTS)],
            {"sums": _plain(renewals.SUMS, renewals.RATES, [renewals.MONTH])},
        ),
        "survival": Answer(
            [Table(survival.columns("months", exact=True))],
            {"life": survival.LIFE, "fits": survival_fits.FITS, "projection": survival.PROJECTION},
        ),
        "tenure": Answer(
            [_with_interval(partial(tenure.columns, by_day=by_day)) for by_day in (True, False)]
        ),
        "validate": Answer([Table(validate.COLUMNS)]),
        "win_back": Answer(
            [_without_money(win_back.COLUMNS)], {"after": _without_money(win_back.AFTER)}
        ),
        "whatif": Answer(
            [Table(plan) for plan in plans],
            {
                "arithmetic": whatif.ARITHMETIC,
                "why_lifespans_differ": lifespans_beside.COLUMNS,
            },
        ),
    }


def _over_a_bridge(name: str) -> Answer:
    """The rows for all facts that the data can have, then for some of them."""
    needs = rollforward.ANSWERS[name].needs
    some = [f for f in (BOTH, {"accounts"}, {"revenue"}) if needs <= f]
    return Answer([_bridge_table(name, facts) for facts in some])


def _churn() -> Answer:
    """Over a bridge, or a row a reason."""
    rows = _without_money(churn_reasons.columns(), [churn_reasons.MONTH])
    kinds = _without_money(churn_reasons.kind_columns())
    return Answer([*_over_a_bridge("churn").tables, rows], {"kinds": kinds})


def _bridge_table(name: str, facts: set[Fact]) -> Table:
    money = rollforward.MONEY if "revenue" in facts else ()
    lines = [*money, *(rollforward.COUNTS if "accounts" in facts else ())]
    usual = [n for n in lines if n not in rollforward.IN_SOME]
    rates = rollforward.rates_of(name, facts)
    ends = [rollforward.interval_columns(n) for n in rates if interval_of(n)]
    months = [rollforward.MONTH]
    return Table(
        [
            *(months if name == "movements" else ()),  # never without; of churn only if asked
            *map(rollforward.bridge_column, usual),
            *(metric(n).column() for n in rates),
        ],
        [
            *months,
            *(rollforward.bridge_column(n) for n in lines if n not in usual),
            *chain.from_iterable(ends),
            *(metric(n).column() for n in rollforward.rates_of(name, {*facts, "segments"})),
            *(contracted.COLUMNS if name == "summary" and "revenue" in facts else ()),
            *(change_kinds.COLUMNS if facts == BOTH and name == "movements" else ()),
            *(trailing.trailing_columns(12) if facts == BOTH and name == "movements" else ()),
        ],
    )


def _plain(columns: Columns, rates: Columns = (), sometimes: Columns = ()) -> Table:
    """Rows that are without their columns of money where the data has none."""
    every = [*columns, *rates]
    money = [c for c in every if c.name in renewals.OF_MONEY]
    return Table(_without(every, money), [*sometimes, *money])


def _accounts() -> Table:
    usual = [c for c in explain.COLUMNS if c.name not in explain.SOMETIMES]
    return Table(usual, _without(explain.COLUMNS, usual), {"source_rows": source_rows.COLUMNS})


def _cells(*, confident: bool, revenue: bool) -> Columns:
    dated = not confident  # what stands in some rows only, beside the usual columns
    return cohort.columns(cohort.Asked(), confident=confident, revenue=revenue, dated=dated)


def _with_interval(columns: Callable[..., Columns]) -> Table:
    usual = columns(confident=False)
    return Table(usual, _without(columns(confident=True), usual))


def _without_money(columns: Columns, sometimes: Columns = ()) -> Table:
    """A table whose money is left out where the data has none."""
    money = [c for c in columns if c.unit == "money" or c.name.endswith("_mrr")]
    return Table(_without(columns, money), [*sometimes, *money])


def _without(columns: Columns, those: Columns) -> list[Column]:
    names = {c.name for c in those}
    return [c for c in columns if c.name not in names]


def _parts(answer: Answer) -> Schema:
    tables = [_row(table, ["segment"]) for table in answer.tables]
    rows = tables[0] if len(tables) == 1 else {"anyOf": tables}
    beside = {
        name: _rows(held if isinstance(held, Table) else Table(held))
        for name, held in answer.beside.items()
    }
    return {"rows": {"items": rows}, **beside}


def _formula(answer: Answer) -> Schema:
    stated = {"properties": {"definition": {"required": ["formula"]}}}
    return {"dependentSchemas": {answer.number or "rows": stated}}


def _rows(table: Table) -> Schema:
    return {"type": "array", "items": _row(table, [])}


def _row(table: Table, first: list[str]) -> Schema:
    """One row: nothing but its columns, what it is of, and why a figure is missing."""
    of_row = ("segment", "reasons", "small", "at_least")
    columns = {c.name: _value(c, table) for c in (*table.always, *table.sometimes)}
    return {
        "type": "object",
        "required": [*first, *(c.name for c in table.always)],
        "properties": {**{n: {"$ref": f"#/$defs/{n}"} for n in of_row}, **columns},
        "additionalProperties": False,
    }


def _value(column: Column, table: Table) -> Schema:
    if column.unit == "block":
        inner = _rows(Table(table.inside[column.name]))
        return {**inner, "type": ["array", "null"]} if column in table.sometimes else inner
    return {"$ref": f"#/$defs/{OF_UNIT[column.unit]}"}
