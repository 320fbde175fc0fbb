"""Invoice lines and deals: an amount for a service period, spread evenly over its months."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import polars as pl

from retcalc.book.columns.column_names import amount_meaning
from retcalc.book.rules import BookRules
from retcalc.book.shapes.common.active_months import active_months, never_active
from retcalc.book.shapes.common.amount_columns import (
    annual_share,
    month_share,
    read_amounts,
    read_counts,
    times_quantity,
)
from retcalc.book.shapes.common.closing_month import closing_month
from retcalc.book.shapes.common.row_ends import read_ends
from retcalc.book.shapes.common.shape import Shape, Sheet, Spans, row_numbers
from retcalc.book.shapes.common.subscription_dates import backwards, days_of, is_utc
from retcalc.book.values.billing_intervals import Periods, read_periods
from retcalc.book.values.dates import Days, closing_months
from retcalc.book.values.locate import at
from retcalc.book.values.money import Amounts
from retcalc.core.findings import Finding, RetcalcError, raise_errors
from retcalc.core.months import format_month
from retcalc.read.wording import counted


def read(sheet: Sheet) -> Spans:
    """Each line counts in the months of its period with its share; credits lower them."""
    amounts, findings = _net_amounts(sheet)
    start, more = days_of(sheet, sheet.found.columns["start"])
    findings += more
    end, more = _end(sheet, start)
    findings += more
    raise_errors([*sheet.findings, *findings])
    periods = read_periods(start.days, end.days, sheet.period_end)
    findings += _told(sheet, periods)
    recurring = (periods.share["over"] > 0) & start.days.is_not_null()
    billed = amounts.units.cast(pl.Int128) != 0
    start, periods, recurring, more = _undated(sheet, start, periods, recurring, billed)
    findings += more
    amounts, more = _monthly(sheet, amounts, periods, recurring)
    findings += more
    rules, counts = sheet.rules, recurring & billed
    exclusive = replace(end, days=periods.end)
    last, more = closing_month(sheet, start, sheet.found.columns["start"])
    findings += more
    if not counts.any():
        raise RetcalcError(Finding("RC203", f"{sheet.file} has no line with a service period"))
    last, more = _billed_until(last, start, exclusive, counts, rules)
    findings += more
    spans = active_months(start, exclusive, last, rules.dates)
    frame = spans.with_columns(
        row=row_numbers(spans.height), amount=amounts.units, start=start.days, end=periods.end
    )
    kept = frame.filter(counts)
    findings += never_active(kept, last, "line")
    first = min(kept.select(pl.col("first").min()).item(), last)
    return Spans(kept, amounts.scale, first, last, tuple(findings), parts=amounts.parts)


def _billed_until(
    last: int, start: Days, end: Days, counts: pl.Series, rules: BookRules
) -> tuple[int, list[Finding]]:
    """The closing month, no later than the last that any line was billed for."""
    newest, until = (closing_months(d, rules.dates).filter(counts).max() for d in (start, end))
    if not isinstance(newest, int) or not isinstance(until, int) or last <= newest:
        return last, []
    billed = max(until - 1, newest)
    text = f"no line starts after {format_month(newest)}: later months hold what was billed ahead"
    return min(last, billed), [Finding("RC862", text)]


def _net_amounts(sheet: Sheet) -> tuple[Amounts, list[Finding]]:
    """What was billed without taxes; discounts as the rules say."""
    column = sheet.found.columns["mrr"]
    net, findings = read_amounts(sheet, column, signed=True)
    for role, sign in (("tax", -1), ("discount", 1)):
        other = sheet.column(role)
        if other is None:
            continue
        if role == "discount" and sheet.rules.billing.discounts == "net":
            findings += _discounted(sheet, other)
            continue
        part, more = read_amounts(sheet, other, signed=True, blank_is_zero=True)
        findings += more
        net = _plus(net, part, sign)
        how = "taxes are left out" if role == "tax" else "discounts are left aside"
        findings.append(Finding("RC899", f"{how}: {column} {'-' if sign < 0 else '+'} {other}"))
    net, more = times_quantity(sheet, column, net)
    findings += more
    credits = net.units.cast(pl.Int128) < 0
    if credits.any():
        text = "credits lower the revenue of their period"
        findings.append(at(sheet.table, credits, column, Finding("RC820", text)))
    return net, findings


def _discounted(sheet: Sheet, column: str) -> list[Finding]:
    """Say what discounts take off the MRR of their period, in rows and money."""
    off, findings = read_amounts(sheet, column, signed=True, blank_is_zero=True)
    rows = off.units != 0
    if not rows.any() or any(f.is_error for f in findings):
        return []
    total = Fraction(int(off.units.cast(pl.Int128).abs().sum()), 10**off.scale)
    text = f"discounts of {counted(int(rows.sum()), 'line')}, {float(total):,.2f} in all, lower the"
    text += " MRR of their period: a discount of a first period looks like expansion after it"
    note = Finding("RC873", text, fix="--discounts gross   leaves discounts aside")
    return [at(sheet.table, rows, column, note)]


def _plus(one: Amounts, other: Amounts, sign: int) -> Amounts:
    scale = max(one.scale, other.scale)
    a, b = (pl.lit(x.units.cast(pl.Int128)) * 10 ** (scale - x.scale) for x in (one, other))
    return replace(one, units=pl.select(a + sign * b).to_series(), scale=scale)


def _end(sheet: Sheet, start: Days) -> tuple[Days, list[Finding]]:
    """Ends as written; a contract that has none runs for its term of months."""
    findings: list[Finding] = []
    nothing = pl.repeat(None, len(start.days), dtype=pl.Date, eager=True)
    end = replace(start, days=nothing)
    if sheet.column("end") is not None:
        column = sheet.found.columns["end"]
        end, settled, findings = read_ends(sheet, column, utc=is_utc(sheet))
        findings += backwards(sheet, column, start, end)
        # the length of a period tells which day ends it; one that says 23:59 ends on that day
        whole = pl.when(settled).then(end.days.dt.offset_by("-1d")).otherwise(end.days)
        end = replace(end, days=pl.select(whole).to_series())
    preset, term = sheet.found.preset, sheet.column("term")
    months = preset.term if preset is not None else None
    if term is None and months is None:
        return end, findings
    if term is not None:
        counts, more = read_counts(sheet, term, blank=months or 0)
        findings += more
        length = counts["times"] // counts["over"]
    else:
        length = pl.repeat(months, len(start.days), dtype=pl.Int64, eager=True)
        text = f"each contract runs for {months} months from its start"
        findings.append(Finding("RC825", text, fix="columns: {term: COLUMN} in retcalc.yaml"))
    until = start.days.dt.offset_by(length.cast(pl.String) + "mo")
    open_end = end.days.is_null() & (length > 0)
    days = pl.select(pl.when(open_end).then(until).otherwise(end.days)).to_series()
    return replace(end, days=days), findings


def _monthly(
    sheet: Sheet, amounts: Amounts, periods: Periods, recurring: pl.Series
) -> tuple[Amounts, list[Finding]]:
    """Amounts over their terms; what is a monthly or yearly price already stays one."""
    column = sheet.found.columns["mrr"]
    grain = amount_meaning(column).grain
    if grain in ("month", "year"):
        text = f"{column} is {'monthly' if grain == 'month' else 'annual'} by its name"
        note = Finding("RC899", f"{text}, whatever the service period says")
        amounts, notes = annual_share(amounts, column)
        return amounts, [note, *notes]
    safe = periods.share.with_columns(
        pl.when(recurring).then("over").otherwise(1).alias("over"), pl.col("times")
    )
    monthly = month_share(amounts, safe)
    return _whole_prices(sheet, amounts, monthly, periods, safe), _spread(sheet, safe, recurring)


def _spread(sheet: Sheet, share: pl.DataFrame, recurring: pl.Series) -> list[Finding]:
    """Say how many amounts are spread over other periods than a month."""
    other = int(((share["times"] != share["over"]) & recurring).sum())
    if not other:
        return []
    text = f"{sheet.found.columns['mrr']} is divided by the months of its period"
    return [Finding("RC899", f"{text}: {counted(other, 'row')} for other than a month")]


def _whole_prices(
    sheet: Sheet, written: Amounts, monthly: Amounts, periods: Periods, share: pl.DataFrame
) -> Amounts:
    """Prorated lines at the whole price they are a part of, where the account has a line of it.

    A part of a month is written rounded, so its price comes out a little off: within that
    rounding it is taken as the price of another line of the account.
    """
    parts = periods.parts & (monthly.units != 0)
    if not parts.any():
        return monthly
    unit = pl.lit(monthly.per_major // written.per_major, pl.Int128)
    rows = pl.DataFrame(
        {
            "id": sheet.ids.codes,
            "sign": monthly.units.sign().cast(pl.Int128),
            "price": monthly.units.cast(pl.Int128).abs(),
            "part": parts,
            "times": share["times"].cast(pl.Int128),
            "over": share["over"].cast(pl.Int128),
            "row": row_numbers(len(parts)),
        }
    ).with_columns(slack=unit * pl.col("times") // (2 * pl.col("over")) + 1)
    prices = rows.filter(~pl.col("part") & (pl.col("price") > 0)).select("id", whole="price")
    near = rows.filter("part").join(prices.unique(), on="id", how="inner")
    near = near.with_columns(apart=(pl.col("price") - pl.col("whole")).abs())
    near = near.filter(pl.col("apart") <= pl.col("slack")).sort("row", "apart", "whole")
    whole = near.unique("row", keep="first", maintain_order=True).select("row", "whole")
    joined = rows.join(whole, on="row", how="left", validate="1:1", maintain_order="left")
    price = joined.select(pl.col("whole").fill_null(pl.col("price")) * pl.col("sign"))
    return replace(monthly, units=price.to_series())


def _told(sheet: Sheet, periods: Periods) -> list[Finding]:
    """Say how the ends of the periods were read."""
    if sheet.column("end") is None:
        return []
    rule = sheet.period_end
    if rule != "auto":
        return [Finding("RC899", f"the last day of a period is {rule}")]
    ways = {"exclusive": periods.exclusive, "inclusive": periods.inclusive}
    told = " and ".join(f"{n} end {way}" for way, n in ways.items() if n)
    odd = f", {periods.odd} fit no whole months and go by days" if periods.odd else ""
    text = f"service periods: {told or 'none fits whole months'}{odd}"
    return [Finding("RC899", text, fix="--period-end inclusive  or  --period-end exclusive")]


def _undated(
    sheet: Sheet, start: Days, periods: Periods, recurring: pl.Series, billed: pl.Series
) -> tuple[Days, Periods, pl.Series, list[Finding]]:
    """Settle the lines without a service period, as ``--undated`` says."""
    lines = ~recurring & billed
    if not lines.any():
        return start, periods, recurring, []
    rule, column = sheet.rules.billing.undated, sheet.found.columns["mrr"]
    text = "lines without a service period are one-off and no recurring revenue"
    findings: list[Finding] = []
    if rule == "month":
        start, periods, dated, findings = _by_invoice_month(sheet, start, periods, lines)
        recurring, lines = recurring | dated, lines & ~dated
        text = "lines without a service period and without a date are left out"
    if lines.any():
        days = _invoiced(sheet, start)[0].filter(lines)
        ways = ["month", "one-off"] if days.is_not_null().any() else ["one-off"]
        fix = "  or  ".join(f"--undated {way}" for way in ways) if rule == "refuse" else None
        note = at(sheet.table, lines, column, Finding("RC821", text, fix=fix))
        limited = rule != "one-off"
        findings.append(sheet.scales.without(sheet.table, lines, note, limited=limited))
    return start, periods, recurring, findings


def _invoiced(sheet: Sheet, start: Days) -> tuple[pl.Series, list[Finding]]:
    """The day of each line's invoice, else of its start."""
    if sheet.column("invoiced") is None:
        return start.days, []
    told, findings = days_of(sheet, sheet.found.columns["invoiced"])
    return pl.select(pl.coalesce(told.days, start.days)).to_series(), findings


def _by_invoice_month(
    sheet: Sheet, start: Days, periods: Periods, lines: pl.Series
) -> tuple[Days, Periods, pl.Series, list[Finding]]:
    """Give lines without a period the calendar month of their invoice, or of their start."""
    invoiced, findings = _invoiced(sheet, start)
    dated = lines & invoiced.is_not_null()
    begin = invoiced.dt.month_start()
    month = (
        pl.when(dated).then(a).otherwise(b)
        for a, b in (
            (begin, start.days),
            (begin.dt.offset_by("1mo"), periods.end),
            (pl.lit(1, pl.Int64), periods.share["times"]),
            (pl.lit(1, pl.Int64), periods.share["over"]),
        )
    )
    first, end, times, over = (pl.select(part).to_series() for part in month)
    text = "lines without a service period count in the month of their invoice"
    note = at(sheet.table, dated, sheet.found.columns["mrr"], Finding("RC821", text))
    share = pl.DataFrame({"times": times, "over": over})
    return (
        replace(start, days=first),
        replace(periods, end=end, share=share),
        dated,
        [*findings, note],
    )


SHAPE = Shape("invoices", read)
