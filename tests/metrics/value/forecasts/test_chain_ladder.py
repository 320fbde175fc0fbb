"""The chain ladder against the figures published for the Taylor-Ashe triangle (Mack 1993)."""

import pytest

from retcalc.metrics.value.forecasts.chain_ladder import completed, factors, mack_error

TAYLOR_ASHE = [
    [int(figure) for figure in row.split()]
    for row in """\
357848 1124788 1735330 2218270 2745596 3319994 3466336 3606286 3833515 3901463
352118 1236139 2170033 3353322 3799067 4120063 4647867 4914039 5339085
290507 1292306 2218525 3235179 3985995 4132918 4628910 4909315
310608 1418858 2195047 3757447 4029929 4381982 4588268
443160 1136350 2128333 2897821 3402672 3873311
396132 1333217 2180715 2985752 3691712
440832 1288463 2419861 3483130
359480 1421128 2864498
376686 1363294
344014""".splitlines()
]
FACTORS = [
    *(3.490607, 1.747333, 1.457413, 1.173852, 1.103824),
    *(1.086269, 1.053874, 1.076555, 1.017725),
]


def test_factors_as_published():
    assert [round(factor, 6) for factor in factors(TAYLOR_ASHE)] == FACTORS


def test_reserve_as_published():
    ends = completed(TAYLOR_ASHE, factors(TAYLOR_ASHE))
    reserve = sum(end[-1] - row[-1] for end, row in zip(ends, TAYLOR_ASHE, strict=True))
    assert reserve == pytest.approx(18_680_855.61, abs=0.005)


def test_error_as_published():
    assert mack_error(TAYLOR_ASHE) == pytest.approx(2_447_094.86, abs=0.005)


def test_an_age_at_which_nothing_was_left_has_no_factor_and_changes_nothing():
    triangle = [[10, 0, 0], [5, 0], [4]]
    assert factors(triangle) == [0, None]
    assert completed(triangle, factors(triangle))[-1] == [4, 0, 0]
