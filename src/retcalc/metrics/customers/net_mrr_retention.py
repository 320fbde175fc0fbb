"""Net MRR retention of a cohort (NDR): its MRR at an age against its first MRR.

Formula: MRR at the age / initial MRR
Numerator: MRR of the cohort's accounts at the month-end of that age, expansion included
Denominator: their first MRR, each account's own first paid month
Unit: fraction; 1.1 is 110%
Null: no_initial_mrr for a cohort of nobody
Source: Kellogg's note on NRR: A goes from 100 to 80 over the year; later joiners are no part
    of its cohort, which keeps 80%

>>> compute(80, 100)
Fraction(4, 5)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric, Rate, share


def compute(mrr: int, initial_mrr: int) -> Rate:
    """Net MRR retention of one cohort at one age."""
    return share(mrr, initial_mrr, "no_initial_mrr")


METRIC = Metric(
    name="net_mrr_retention",
    label="Net MRR retention",
    unit="rate",
    formula="MRR at the age / initial MRR",
    source="Kellogg's note on NRR: a cohort that goes from 100 to 80 over the year keeps 80%",
    compute=compute,
)
