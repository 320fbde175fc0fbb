"""How each answer is shown: headings, pictures and sheets, one table for all.

The forms (page, workbook, text, screen) look here, so that a new answer is shown
everywhere by one entry. An answer that is not in the table has a plain table in every form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from retcalc.core.result import Block, Result

PictureName = Literal[
    "waterfall",
    "mrr_over_time",
    "movements_over_time",
    "value_by_segment",
    "trailing",
    "curves",
    "curves_by_segment",
    "triangle",
    "survival",
    "survival_by_segment",
    "lorenz",
    "fan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """How one answer is shown.

    ``title``: its heading in a report. ``sheet``: its sheet in a report's workbook.
    ``picture``: what ``--plot`` draws. ``figures``: pictures in a report's page.
    ``beside``: the total's table stands beside the picture.
    ``folded``: many rows behind a picture, so a report shows those of the total only, folded away.
    ``across``: few rows of many figures, so the workbook sets segments side by side and checks each
    live formula of the total against the reported figure.
    ``triangle``: the rows are cells of a cohort triangle.
    ``curve``: column that the small plot under the table on screen draws.
    ``brief``: of segments a report's page shows the headline figures and what stood at the opening.
    """

    title: str = ""
    sheet: str = ""
    picture: PictureName | None = None
    figures: tuple[PictureName, ...] = ()
    beside: bool = False
    folded: bool = False
    across: bool = False
    triangle: bool = False
    curve: str = ""
    brief: bool = False


PRESENTATIONS: Mapping[str, Presentation] = {
    "nrr": Presentation(picture="waterfall"),
    "grr": Presentation(picture="waterfall"),
    "summary": Presentation(
        title="Summary",
        sheet="Summary",
        picture="waterfall",
        figures=("waterfall",),
        beside=True,
        across=True,
        brief=True,
    ),
    "movements": Presentation(
        title="MRR movements",
        sheet="Movements",
        picture="movements_over_time",
        figures=("mrr_over_time", "movements_over_time"),
        folded=True,
        curve="closing_mrr",
    ),
    "trailing": Presentation(
        title="Retention over time", sheet="Trailing", figures=("trailing",), beside=True
    ),
    "churn_reasons": Presentation(title="Churn by reason", sheet="Churn by reason"),
    "win_back": Presentation(title="Win-back", sheet="Win-back", folded=True),
    "cohort": Presentation(
        title="Cohorts",
        sheet="Cohorts",
        picture="triangle",
        figures=("curves", "curves_by_segment"),
        triangle=True,
    ),
    "survival": Presentation(
        title="Survival",
        sheet="Survival",
        picture="survival",
        figures=("survival", "survival_by_segment"),
        folded=True,
        curve="survival",
    ),
    "clv": Presentation(
        title="Lifetime value",
        sheet="CLV",
        picture="value_by_segment",
        figures=("value_by_segment",),
        across=True,
    ),
    "clv_cac": Presentation(title="CLV and CAC", sheet="CLV and CAC", across=True),
    "forecast": Presentation(
        title="Forecast",
        sheet="Forecast",
        picture="fan",
        figures=("fan",),
        folded=True,
        curve="mrr",
    ),
    "concentration": Presentation(
        title="Concentration",
        sheet="Concentration",
        picture="lorenz",
        figures=("lorenz",),
        beside=True,
    ),
}


def shown_as(answer: str) -> Presentation:
    """How an answer is shown, by its name."""
    return PRESENTATIONS.get(answer, Presentation())


def age_unit(result: Result) -> str:
    """What the ages of a result are counted in: "months", "weeks", "quarters" …."""
    definition = result.definition
    return str(definition.get("age_unit") or f"{definition.get('period') or 'month'}s")


def is_triangle(result: Result) -> bool:
    """Tell whether the rows of a result are the cells of a triangle."""
    return shown_as(result.metric).triangle and isinstance(result.extra.get("average"), Block)
