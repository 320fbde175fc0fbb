"""A window that is named reads its two ends only, and says the same as when all is read."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import run
from retcalc.answers.base import prepare
from retcalc.core.months import first_day, format_month

START = 24_000
MONTHS = 9
LIVES = st.lists(
    st.lists(
        st.tuples(st.sampled_from([None, None, 0, 1, 250, 999]), st.sampled_from("xy")),
        min_size=MONTHS,
        max_size=MONTHS,
    ),
    min_size=1,
    max_size=6,
)
ANSWERS = ("nrr", "grr", "churn", "retention", "summary")


def write(path, lives, kind):
    rows = [
        {"account": f"a{n}", "month": first_day(START + at), "mrr": cents, "plan": plan}
        for n, life in enumerate(lives)
        for at, (cents, plan) in enumerate(life)
        if cents is not None
    ]
    rows += [  # somebody pays in every month, so that none is missing
        {"account": "steady", "month": first_day(START + at), "mrr": 500, "plan": "x"}
        for at in range(MONTHS)
    ]
    frame = pl.DataFrame(rows)
    if kind == "decimal":
        money = [Decimal(c).scaleb(-2) for c in frame["mrr"]]
        frame = frame.with_columns(pl.Series("mrr", money, dtype=pl.Decimal(18, 2)))
    frame.sample(fraction=1, shuffle=True, seed=1).write_parquet(path)


def both(path, *args):
    """The answer from the ends of the window, and from everything."""
    some = run(*args, path, "-f", "json").json
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepare, "_may_pick", lambda _: False)
        every = run(*args, path, "-f", "json").json
    assert [n["code"] for n in some["notes"]].count("RC892") == 1
    assert "RC892" not in [n["code"] for n in every["notes"]]
    return [{k: v for k, v in answer.items() if k != "notes"} for answer in (some, every)]


@given(
    LIVES,
    st.sampled_from(ANSWERS),
    st.integers(2, MONTHS - 1),
    st.integers(1, 5),
    st.sampled_from([(), ("--confidence", "95")]),
    st.sampled_from(["decimal", "integer"]),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_ends_say_what_everything_says(tmp_path, lives, command, at, length, options, kind):
    path = tmp_path / "mrr.parquet"
    write(path, lives, kind)
    window = ("--as-of", format_month(START + at), "--window", f"{min(length, at)}m")
    some, every = both(path, command, *window, *options)
    assert some == every  # sources too: hash, rows and total are those of the whole file


@pytest.mark.parametrize(
    "options",
    [
        (),  # no month is named
        ("--as-of", "2000-09", "--strict"),
        ("--as-of", "2000-06", "--by", "plan"),
        ("--as-of", "2000-06", "--where", "plan=x"),
        ("--as-of", "2000-06", "--expect-rows", "9"),
        ("--as-of", "2000-06", "--basis", "monthly"),
        ("--as-of", "2000-06", "--definition", "survivors-only"),
    ],
)
def test_all_is_read_where_all_may_matter(tmp_path, options):
    path = tmp_path / "mrr.parquet"
    write(path, [], "decimal")
    done = run("nrr", path, *options, "-f", "json")
    assert done.exit_code == 0, done.stderr
    assert "RC892" not in [n["code"] for n in done.json["notes"]]


@pytest.mark.parametrize("as_of", ["1999-12", "2030-01"])
def test_a_month_that_is_not_there_is_told_as_ever(tmp_path, as_of):
    path = tmp_path / "mrr.parquet"
    write(path, [], "decimal")
    done = run("nrr", path, "--as-of", as_of)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC151" in done.stderr


def test_amounts_finer_than_cents_are_read_in_full(tmp_path):
    path = tmp_path / "mrr.parquet"
    days = [date(2024, m, 1) for m in (1, 2, 3)]
    pl.DataFrame({"account": ["a"] * 3, "month": days, "mrr": [1.0, 1.5, 1 / 3]}).write_parquet(
        path
    )
    done = run("nrr", path, "--as-of", "2024-02", "--window", "1m", "-f", "json").json
    assert "RC892" not in [n["code"] for n in done["notes"]]


def test_a_damaged_cell_in_a_month_of_the_window_is_refused(tmp_path):
    path = tmp_path / "mrr.parquet"
    write(path, [], "integer")
    frame = pl.read_parquet(path)
    frame = pl.concat([frame, frame.filter(pl.col("month") == date(2000, 5, 1))])
    frame.write_parquet(path)
    done = run("nrr", path, "--as-of", "2000-05", "--window", "1m")
    assert (done.exit_code, "error RC219" in done.stderr) == (3, True)
