"""Native charts of a report's workbook, all on one sheet, over the cells of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from retcalc.render.pictures.spec import AMBER, BLUE, GREEN, ORANGE, PURPLE, SKY
from retcalc.render.workbook.file import Workbook
from retcalc.render.workbook.tables import Table

_SIZE = {"width": 620, "height": 330}
_PERCENT, _MONEY = "0%", "#,##0"
_COLUMNS, _ROWS_EACH, _COLUMNS_EACH = 2, 17, 10


def add_charts(book: Workbook, tables: Mapping[str, Table]) -> None:
    """Write the sheet of charts."""
    charts = [chart for chart in _charts(book, tables) if chart is not None]
    if not charts:
        return
    sheet = book.sheet("Charts")
    for number, chart in enumerate(charts):
        row, column = divmod(number, _COLUMNS)
        sheet.insert_chart(row * _ROWS_EACH, column * _COLUMNS_EACH, chart)


def _charts(book: Workbook, tables: Mapping[str, Table]) -> Iterator[Any]:
    movements = tables["movements"]
    yield _lines(book, movements, "month", "MRR at month-end", _MONEY, (("closing_mrr", BLUE),))
    flows = (("new_mrr", BLUE), ("reactivation_mrr", GREEN), ("expansion_mrr", SKY))
    yield _stack(book, movements, "MRR gained by month", flows)
    losses = (("contraction_mrr", AMBER), ("churn_mrr", ORANGE))
    yield _stack(book, movements, "MRR lost by month", losses)
    rates = (("nrr", BLUE), ("grr", ORANGE))
    title = "NRR and GRR of the window, by closing month"
    yield _lines(book, tables["trailing"], "month", title, _PERCENT, rates)
    if "cohort.average" in tables:
        shares = (
            ("account_retention", BLUE),
            ("net_mrr_retention", ORANGE),
            ("gross_mrr_retention", GREEN),
        )
        title = "Retention by age, all cohorts"
        yield _lines(book, tables["cohort.average"], "age", title, _PERCENT, shares)
    if "survival" in tables:
        bounds = (("survival", BLUE), ("lower", PURPLE), ("upper", PURPLE))
        title = "Survival by age, with its interval"
        yield _lines(book, tables["survival"], "age", title, _PERCENT, bounds)
    if "forecast" in tables:
        fan = (("mrr", BLUE), ("lower", PURPLE), ("upper", PURPLE))
        title = "Forecast MRR, with its interval"
        yield _lines(book, tables["forecast"], "month", title, _MONEY, fan)


def _lines(
    book: Workbook,
    table: Table,
    axis: str,
    title: str,
    form: str,
    names: tuple[tuple[str, str], ...],
) -> Any:
    return _chart(book.chart("line"), table, axis, title, form, names)


def _stack(book: Workbook, table: Table, title: str, names: tuple[tuple[str, str], ...]) -> Any:
    return _chart(book.chart("column", "stacked"), table, "month", title, _MONEY, names)


def _chart(
    chart: Any,
    table: Table,
    axis: str,
    title: str,
    form: str,
    names: tuple[tuple[str, str], ...],
) -> Any:
    rows = [number for number, row in enumerate(table.rows) if not row.segment]
    if len(rows) < 2:
        return None
    for name, colour in names:
        column = table.columns[table.index[name]]
        chart.add_series(
            {
                "name": column.label,
                "categories": _range(table, rows, axis),
                "values": _range(table, rows, name),
                "line": {"color": colour, "width": 2},
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_x_axis(
        {"name": axis, "date_axis": False, "num_format": "yyyy-mm"}
        if axis == "month"
        else {"name": "age in months"}
    )
    chart.set_y_axis({"num_format": form, "major_gridlines": {"visible": True}})
    chart.set_legend({"position": "bottom"} if len(names) > 1 else {"none": True})
    chart.set_size(_SIZE)
    return chart


def _range(table: Table, rows: list[int], name: str) -> list[Any]:
    first, last = table.place(rows[0], name), table.place(rows[-1], name)
    return [table.name, *first, *last]
