"""concentration: how much of the closing MRR lies with few accounts."""

from __future__ import annotations

from fractions import Fraction

from retcalc.answers.base.prepare import prepare
from retcalc.answers.base.request import Request
from retcalc.answers.base.sums import TOTAL, order
from retcalc.book import Book
from retcalc.core.months import format_month
from retcalc.core.result import Block, Column, Quotient, Result, Row, Value
from retcalc.kernels.bridge import as_one_segment
from retcalc.kernels.by_account.month_sizes import TENTHS, Sizes, month_sizes
from retcalc.kernels.panel_facts import month_rows, part_rows
from retcalc.metrics import Undefined, metric
from retcalc.metrics.revenue.concentration import gini, share_top_20pct

COLUMNS = (
    Column("accounts", "Accounts", "count"),
    Column("closing_mrr", "Closing MRR", "money"),
    share_top_20pct.METRIC.column(),
    gini.METRIC.column(),
    Column("top", "Top accounts", "block"),
)
TOP_COLUMNS = (
    Column("account", "Account", "text"),
    Column("mrr", "MRR", "money"),
    Column("share", "Share", "rate", made_of=Quotient({"mrr": 1}, {"closing_mrr": 1})),
)
LORENZ_COLUMNS = (
    Column("share_of_accounts", "Smallest accounts", "rate"),
    Column("share_of_mrr", "Share of MRR", "rate"),
)


def concentration_result(request: Request, *, top: int = 10, lorenz: bool = False) -> Result:
    """Concentration per segment and in total, with the ``top`` largest accounts of each.

    ``lorenz`` adds the Lorenz curve at every tenth of the accounts.
    """
    prepared = prepare(request, split=True)
    book, closing = prepared.book, prepared.window.closing
    rows = month_rows(book.panel, closing, closing)
    total = month_sizes(as_one_segment(rows, "seg"), top).get(0, Sizes())
    apart = month_sizes(part_rows(book.panel, closing, closing), top) if book.by else {}
    found = {**apart, TOTAL: total}
    groups = [(_named(s, book), found.get(s, Sizes())) for s in order(book)]
    return Result(
        metric="concentration",
        title="Concentration of closing MRR",
        definition={
            "profile": request.profile.name,
            "basis": "endpoints",
            "formula": metric("share_top_20pct").formula,
            "month": format_month(closing),
        },
        columns=COLUMNS,
        rows=tuple(_row(named, group, book, request) for named, group in groups),
        window=prepared.window,
        currency=book.currency,
        notes=prepared.notes,
        sources=book.sources,
        extra={"lorenz": _lorenz(groups)} if lorenz else {},
        by=book.by,
        config_sha256=request.config_sha256,
    )


def _row(named: dict[str, str], group: Sizes, book: Book, request: Request) -> Row:
    values: dict[str, Value] = {"accounts": group.accounts, "closing_mrr": group.mrr}
    reasons = {}
    rates = {
        "share_top_20pct": share_top_20pct.compute(group.top_fifth, group.mrr),
        "gini": gini.compute(group.ranked, group.accounts, group.mrr),
    }
    for name, rate in rates.items():
        if isinstance(rate, Undefined):
            values[name], reasons[name] = None, rate.reason
        else:
            values[name] = rate
    values["top"] = Block(
        TOP_COLUMNS, tuple(_top(code, mrr, group, book) for code, mrr in group.top)
    )
    return Row(values, named, reasons, small=group.accounts < request.min_group)


def _top(code: int, mrr: int, group: Sizes, book: Book) -> Row:
    return Row({"account": book.accounts[code], "mrr": mrr, "share": Fraction(mrr, group.mrr)})


def _lorenz(groups: list[tuple[dict[str, str], Sizes]]) -> Block:
    rows = [
        Row(
            {
                "share_of_accounts": Fraction(tenth, TENTHS),
                "share_of_mrr": Fraction(sum_, TENTHS * group.mrr),
            },
            named,
        )
        for named, group in groups
        if group.mrr
        for tenth, sum_ in enumerate(group.lorenz)
    ]
    return Block(LORENZ_COLUMNS, tuple(rows))


def _named(segment: int, book: Book) -> dict[str, str]:
    return {} if segment == TOTAL else dict(zip(book.by, book.segments[segment], strict=True))
