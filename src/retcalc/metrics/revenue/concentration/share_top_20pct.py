"""Concentration: the share of closing MRR that the largest 20% of accounts hold.

Formula: MRR of the largest ceil(20%) of accounts / closing MRR
In full: MRR of the largest 20% of accounts / closing MRR
Numerator: MRR of the ceil(0.2 * n) largest of n accounts; of 6 accounts that is 2
Denominator: closing MRR
Unit: fraction
Null: no_closing_mrr when nobody pays at the closing
Source: Pareto's 80/20 rule; of 80, 5, 5, 5, 5 one account of five holds 80%

>>> compute(80, 100)
Fraction(4, 5)
"""

from __future__ import annotations

from retcalc.metrics.metric import Metric, Rate, share


def compute(top_fifth: int, closing_mrr: int) -> Rate:
    """Share of the largest fifth."""
    return share(top_fifth, closing_mrr, "no_closing_mrr")


METRIC = Metric(
    doc=__doc__,
    name="share_top_20pct",
    label="Share of top 20%",
    unit="rate",
    headline=110,
    better="less",
)
