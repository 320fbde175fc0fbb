"""Magic number: annual recurring revenue gained for each unit of the period before's spend.

Formula: (closing ARR - opening ARR) / spend of the window before
In full: (closing ARR - opening ARR) / spend of the window of the same length before
Annualisation: one; the change of ARR is annual already and is not multiplied again
Unit: ratio
Null: no_prior_spend when the months before are not all in the costs file; zero_spend
Source: ARR 4.5M to 5.0M after a quarter's spend of 400k is 1.25

>>> compute(4_500_000, 5_000_000, 400_000)
Fraction(5, 4)
"""

from __future__ import annotations

from fractions import Fraction

from retcalc.metrics.metric import Metric, Rate, Undefined


def compute(
    opening_arr: Fraction | int, closing_arr: Fraction | int, prior_spend: Fraction | int | None
) -> Rate:
    """Sales efficiency of one window; ``prior_spend`` None where it is not known."""
    if prior_spend is None:
        return Undefined("no_prior_spend")
    if prior_spend <= 0:
        return Undefined("zero_spend")
    return Fraction(closing_arr - opening_arr) / Fraction(prior_spend)


METRIC = Metric(
    doc=__doc__,
    name="magic_number",
    label="Magic number",
    unit="ratio",
    better="more",
)
