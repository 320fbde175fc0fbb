"""Small Results and hostile strings that the render tests share."""

from __future__ import annotations

import json
from fractions import Fraction

from helpers import SHARED
from retcalc.core.findings import Finding, Spot
from retcalc.core.months import Window, parse_month
from retcalc.core.result import Block, Column, Currency, Result, Row, Source

WINDOW = Window(parse_month("2025-10"), parse_month("2026-10"))
SHA = "3f2a91c04b7e" + "0" * 52
MONEY = (
    ("opening_mrr", "Opening MRR"),
    ("new_mrr", "New"),
    ("reactivation_mrr", "Reactivation"),
    ("expansion_mrr", "Expansion"),
    ("contraction_mrr", "Contraction"),
    ("churn_mrr", "Churn"),
    ("closing_mrr", "Closing MRR"),
)
COUNTS = (
    ("opening_accounts", "Opening accounts"),
    ("new_accounts", "New accounts"),
    ("reactivated_accounts", "Reactivated accounts"),
    ("churned_accounts", "Churned accounts"),
    ("closing_accounts", "Closing accounts"),
)
COLUMNS = (
    *(Column(name, label, "money") for name, label in MONEY),
    *(Column(name, label, "count") for name, label in COUNTS),
    Column("nrr", "NRR", "rate"),
    Column("grr", "GRR", "rate"),
)
DEFINITION: dict[str, str | int | bool | None] = {
    "profile": "default",
    "basis": "endpoints",
    "formula": "(opening + expansion - contraction - churn) / opening",
}
# 1,000.00 + 0 + 0 + 120.00 - 20.00 - 40.00 = 1,060.00, as printed in the interface
VALUES = {
    "opening_mrr": 100000,
    "new_mrr": 0,
    "reactivation_mrr": 0,
    "expansion_mrr": 12000,
    "contraction_mrr": 2000,
    "churn_mrr": 4000,
    "closing_mrr": 106000,
    "opening_accounts": 50,
    "new_accounts": 0,
    "reactivated_accounts": 0,
    "churned_accounts": 7,
    "closing_accounts": 43,
    "nrr": Fraction(106, 100),
    "grr": Fraction(94, 100),
}


def nrr(*rows: Row, by: tuple[str, ...] = (), notes: tuple[Finding, ...] = ()) -> Result:
    """Net revenue retention of one year."""
    return Result(
        "nrr",
        "Net revenue retention",
        DEFINITION,
        COLUMNS,
        rows or (Row(VALUES),),
        WINDOW,
        Currency("USD"),
        notes,
        (Source("data.csv", SHA, 123, Fraction(1060)),),
        by=by,
    )


def by_plan(*names: str) -> Result:
    """One row a plan and the total."""
    rows = [Row(VALUES, {"plan": name}) for name in names]
    return nrr(*rows, Row(VALUES), by=("plan",))


def by_month(months: int) -> Result:
    """Movements of a number of months from 2026-01."""
    first = parse_month("2026-01")
    rows = tuple(Row({**VALUES, "month": first + index}) for index in range(months))
    columns = (Column("month", "Month", "month"), *COLUMNS)
    return Result("movements", "MRR movements", DEFINITION, columns, rows, WINDOW)


def concentration(*names: str) -> Result:
    """A figure, a nested table of accounts and a fit beside it."""
    columns = (
        Column("account", "Account", "text"),
        Column("mrr", "MRR", "money"),
        Column("share", "Share", "rate"),
    )
    top = Block(
        columns,
        tuple(Row({"account": n, "mrr": 1234550, "share": Fraction(1, 3)}) for n in names),
    )
    return Result(
        "concentration",
        "Revenue concentration",
        {"profile": "default"},
        (
            Column("gini", "Gini", "number"),
            Column("top", "Top accounts", "block"),
        ),
        (Row({"gini": Fraction(612, 1000), "top": top}),),
        extra={"fit": {"model": "sbg", "alpha": 0.704, "log_likelihood": -1680.27}},
    )


def one_column(unit: str, *values: object) -> Result:
    """A result of one column, named ``x``."""
    rows = tuple(Row({"x": value}) for value in values)  # type: ignore[dict-item]
    return Result("x", "X", {}, (Column("x", "X", unit),), rows)  # type: ignore[arg-type]


def note(code: str = "RC843", *lines: int) -> Finding:
    """A note about lines of data.csv."""
    return Finding(code, "months count as zero", tuple(Spot("data.csv", line) for line in lines))


HOSTILE = [
    "plain",
    "",
    " ",
    "a|b",
    "a\\|b",
    "a\\",
    "line\nbreak",
    "line\r\nbreak",
    "tab\there",
    "\x1b[31mred\x1b[0m",
    "\x9b31mred",
    "\x07\x08\x7f\x00",
    "\u202egnp.exe",
    "a\u200bb\u200d\ufeff",
    "\u2066x\u2069\u2028y\u2029",
    "\udcff\udc80",
    "[bold]x[/bold] [/] [/foo] [link=http://x.com]x[/link]",
    ":smile: :+1:",
    "<script>alert(1)</script>",
    "</td></tr></table>",
    "![x](http://x.com/y.png) [a](b)",
    "`code` ``x` *b* _i_ ~~s~~ **x** __y__",
    "http://example.com https://a.b www.example.com a@example.com @octocat #123",
    "&amp; &lt; &#124; &#0;",
    "| --- | --- |",
    "# head",
    "- item",
    "1. item",
    "    code",
    "$a$ $$b$$",
    '=cmd|"/C calc"!A0',
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\x00=1",
    "  =1",
    "\u3000=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "::error::x",
    "  ::set-output name=a::b",
    "##[error]x",
    '"quoted", and more',
    "名前が長い会社",
    "👩‍👩‍👧‍👦 family",
    "e\u0301",
    "x" * 300,
    "a b " * 60,
    "{{7*7}} ${7*7} %s %d {0}",
    "NaN",
    "Total",
    "'; DROP TABLE x; --",
]


def _naughty() -> list[str]:
    path = SHARED / "badinput" / "blns" / "blns.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


NAUGHTY = [*HOSTILE, *_naughty()]
