"""The options every data command shares, as one frozen value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from typer import Argument, Option

from retcalc.cli.completion import column_names, definition_names
from retcalc.core.choices import (
    AmountStyle,
    Basis,
    ChurnDate,
    Discounts,
    Duplicates,
    Format,
    PeriodEnd,
    Periods,
    Quantity,
    Shape,
    Stopped,
    Undated,
    Unit,
)

WINDOW = "Which months and which accounts"
DEFINE = "Definitions"
OUTPUT = "Output"
READING = "Reading the files"
SOURCES = "Sources"


def _opt(
    panel: str,
    help_: str,
    *names: str,
    metavar: str | None = None,
    completes: Callable[[str], list[str]] | None = None,
) -> object:
    return Option(
        *names,
        help=help_,
        metavar=metavar,
        rich_help_panel=panel,
        show_default=False,
        autocompletion=completes,
    )


Text = str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options as given; None and empty mean "as the config or the default says"."""

    data: Annotated[
        list[str] | None,
        Argument(
            metavar="DATA…",
            help="CSV, TSV, Parquet (also .gz, .zst), workbooks, a folder of them, or - for "
            "standard input. Without DATA the sources come from the config.",
            show_default=False,
        ),
    ] = None
    config: Annotated[
        Text,
        _opt(
            SOURCES,
            "Config file; default retcalc.yaml beside the data or here.",
            "-c",
            "--config",
            metavar="FILE",
        ),
    ] = None
    customers: Annotated[
        Text,
        _opt(SOURCES, "One row per account, for --by and --where.", "--customers", metavar="FILE"),
    ] = None
    costs: Annotated[
        Text,
        _opt(
            SOURCES, "Sales and marketing spend: month,spend[,segment].", "--costs", metavar="FILE"
        ),
    ] = None
    fx: Annotated[
        Text, _opt(SOURCES, "Exchange rates: month,currency,rate.", "--fx", metavar="FILE")
    ] = None
    mergers: Annotated[
        Text,
        _opt(SOURCES, "Renamed and merged accounts: from,to[,date].", "--mergers", metavar="FILE"),
    ] = None
    as_of: Annotated[
        Text,
        _opt(WINDOW, "Closing month; default the last complete one.", "--as-of", metavar="2026-10"),
    ] = None
    window: Annotated[
        Text,
        _opt(WINDOW, "Length: 12m (default), 1m, 3m, 1y, ytd, fytd.", "--window", metavar="12m"),
    ] = None
    by: Annotated[
        list[str] | None,
        _opt(
            WINDOW,
            "A row per value of a column; repeatable.",
            "--by",
            metavar="COLUMN",
            completes=column_names,
        ),
    ] = None
    where: Annotated[
        list[str] | None,
        _opt(
            WINDOW,
            "Only accounts with this: =, !=, <, <=, >, >=, in; repeatable.",
            "--where",
            metavar="'plan=Pro'",
        ),
    ] = None
    basis: Annotated[
        Basis | None, _opt(DEFINE, "Compare the ends of the window, or sum its months.", "--basis")
    ] = None
    definition: Annotated[
        Text,
        _opt(
            DEFINE,
            "Definition profile: a name or a YAML file.",
            "--definition",
            metavar="PROFILE",
            completes=definition_names,
        ),
    ] = None
    confidence: Annotated[
        Text,
        _opt(DEFINE, "Add intervals to every rate: 95, 90, …", "--confidence", metavar="LEVEL"),
    ] = None
    format: Annotated[Format | None, _opt(OUTPUT, "Form of standard output.", "-f", "--format")] = (
        None
    )
    output: Annotated[
        list[str] | None,
        _opt(
            OUTPUT,
            "Write to a file, form by extension; repeatable.",
            "-o",
            "--output",
            metavar="FILE",
        ),
    ] = None
    errors_out: Annotated[
        Text, _opt(OUTPUT, "Write every bad row to a CSV.", "--errors-out", metavar="FILE")
    ] = None
    raw_csv: Annotated[
        bool, _opt(OUTPUT, "No guard against formulas in CSV text.", "--raw-csv")
    ] = False
    quiet: Annotated[bool, _opt(OUTPUT, "No notes and no progress.", "--quiet")] = False
    verbose: Annotated[bool, _opt(OUTPUT, "Also say how the files were read.", "--verbose")] = False
    no_progress: Annotated[bool, _opt(OUTPUT, "No progress line.", "--no-progress")] = False
    debug: Annotated[bool, _opt(OUTPUT, "Show the traceback of a bug.", "--debug")] = False
    strict: Annotated[bool, _opt(READING, "Every data note is an error.", "--strict")] = False
    customer_column: Annotated[
        Text, _opt(READING, "Column of the account id.", "--customer-column", metavar="COLUMN")
    ] = None
    month_column: Annotated[
        Text, _opt(READING, "Column of the month.", "--month-column", metavar="COLUMN")
    ] = None
    mrr_column: Annotated[
        Text, _opt(READING, "Column of the amount.", "--mrr-column", metavar="COLUMN")
    ] = None
    start_column: Annotated[
        Text, _opt(READING, "Column of a subscription's start.", "--start-column", metavar="COLUMN")
    ] = None
    end_column: Annotated[
        Text, _opt(READING, "Column of a subscription's end.", "--end-column", metavar="COLUMN")
    ] = None
    parent: Annotated[
        Text, _opt(READING, "Column that accounts roll up to.", "--parent", metavar="COLUMN")
    ] = None
    ignore: Annotated[
        list[str] | None,
        _opt(READING, "Column that plays no part; repeatable.", "--ignore", metavar="COLUMN"),
    ] = None
    word: Annotated[
        list[str] | None,
        _opt(
            READING,
            "Meaning of an unknown status or kind: active, ended, none, paused, past-due, new, "
            "expansion, contraction, churn, reactivation; repeatable.",
            "--word",
            metavar="WORD=MEANING",
        ),
    ] = None
    shape: Annotated[
        Shape | None, _opt(READING, "What a row is; told from the header by default.", "--shape")
    ] = None
    currency: Annotated[
        Text, _opt(READING, "Currency to report in.", "--currency", metavar="CODE")
    ] = None
    unit: Annotated[
        Unit | None, _opt(READING, "Amounts in major units (default) or cents.", "--unit")
    ] = None
    churn_date: Annotated[
        ChurnDate | None, _opt(READING, "Date that ends a subscription.", "--churn-date")
    ] = None
    period_end: Annotated[
        PeriodEnd | None,
        _opt(READING, "Whether the last day of a period belongs to it.", "--period-end"),
    ] = None
    grace: Annotated[
        Text,
        _opt(
            READING,
            "Longest gap between two terms that is a late renewal, no churn and return.",
            "--grace",
            metavar="30d",
        ),
    ] = None
    paused: Annotated[
        Stopped | None, _opt(READING, "Paused subscriptions; drop by default.", "--paused")
    ] = None
    past_due: Annotated[
        Stopped | None, _opt(READING, "Unpaid subscriptions; keep by default.", "--past-due")
    ] = None
    discounts: Annotated[
        Discounts | None,
        _opt(READING, "Invoices after (net, default) or before discounts.", "--discounts"),
    ] = None
    undated: Annotated[
        Undated | None,
        _opt(
            READING,
            "Lines without a period: one-off, of their invoice's month, or refused if many.",
            "--undated",
        ),
    ] = None
    quantity: Annotated[
        Quantity | None,
        _opt(
            READING,
            "Whether seats or a quantity multiply an amount; asked where unclear.",
            "--quantity",
        ),
    ] = None
    periods: Annotated[
        Periods | None,
        _opt(
            READING,
            "Amounts of quarters and years: the MRR in them, or their total; asked.",
            "--periods",
        ),
    ] = None
    amounts: Annotated[
        AmountStyle | None,
        _opt(READING, "plain (default), or accounting: $1,200.00, (50.00), a dash.", "--amounts"),
    ] = None
    decimal: Annotated[
        Text, _opt(READING, "Decimal mark of amounts.", "--decimal", metavar="MARK")
    ] = None
    thousands: Annotated[
        Text, _opt(READING, "Mark between thousands.", "--thousands", metavar="MARK")
    ] = None
    date_format: Annotated[
        Text, _opt(READING, "strftime pattern, or excel.", "--date-format", metavar="PATTERN")
    ] = None
    year: Annotated[
        int | None,
        Option(
            "--year",
            min=1990,
            max=2099,
            help="Year of months without one; of the first column of a sheet.",
            metavar="YYYY",
            rich_help_panel=READING,
            show_default=False,
        ),
    ] = None
    timezone: Annotated[
        Text,
        _opt(READING, "Zone whose days count for timestamps.", "--timezone", metavar="ZONE"),
    ] = None
    encoding: Annotated[
        Text, _opt(READING, "Text encoding, such as cp1252.", "--encoding", metavar="NAME")
    ] = None
    delimiter: Annotated[Text, _opt(READING, "Field delimiter.", "--delimiter", metavar="MARK")] = (
        None
    )
    skip_lines: Annotated[
        int, _opt(READING, "Lines above the header to skip.", "--skip-lines", metavar="N")
    ] = 0
    sheet: Annotated[
        Text,
        _opt(READING, "Sheet of a workbook; else the one that fits.", "--sheet", metavar="NAME"),
    ] = None
    month_from_name: Annotated[
        bool, _opt(READING, "Take the month of each file from its name.", "--month-from-name")
    ] = False
    left_out: Annotated[
        Text,
        _opt(
            READING,
            "Share of money or accounts that may be left out unread; 5% by default.",
            "--left-out",
            metavar="SHARE",
        ),
    ] = None
    drop_total_rows: Annotated[
        bool, _opt(READING, "Leave total rows out.", "--drop-total-rows")
    ] = False
    skip_bad_rows: Annotated[
        bool,
        _opt(READING, "Leave rows out that cannot be read, within the limit.", "--skip-bad-rows"),
    ] = False
    duplicates: Annotated[
        Duplicates | None,
        _opt(
            READING, "Rows that stand twice: refuse (default), first, last or sum.", "--duplicates"
        ),
    ] = None
    allow_negative: Annotated[
        bool, _opt(READING, "Negative amounts count as not active.", "--allow-negative")
    ] = False
    allow_empty: Annotated[
        bool, _opt(READING, "A file without rows gives empty tables.", "--allow-empty")
    ] = False
    allow_empty_months: Annotated[
        bool, _opt(READING, "A month without any row counts as zero.", "--allow-empty-months")
    ] = False
    expect_rows: Annotated[
        int | None, _opt(READING, "Refuse unless there are N rows.", "--expect-rows", metavar="N")
    ] = None
    expect_total: Annotated[
        Text, _opt(READING, "Refuse unless the amounts add up to X.", "--expect-total", metavar="X")
    ] = None
    expect_sha256: Annotated[
        Text, _opt(READING, "Refuse unless the file has this hash.", "--expect-sha256", metavar="H")
    ] = None
    remote: Annotated[bool, _opt(READING, "Allow s3:// and other remote files.", "--remote")] = (
        False
    )
    untrusted: Annotated[
        bool, _opt(READING, "Probe Parquet in a process of its own first.", "--untrusted")
    ] = False
