"""Both sums of a total row, and the total of a source: the sum of its amount column."""

from pathlib import Path

import pytest

from helpers import Run, run

WIDE = "account,2024-01,2024-02|a,33.33,10|b,33.33,10|c,33.33,5|"
LONG = "account,month,mrr|a,2024-01,33.33|b,2024-01,33.33|c,2024-01,33.33|"


def ask(folder: Path, text: str, *args: str) -> Run:
    (folder / "data.csv").write_text(text.replace("|", "\n"))
    return run("movements", "data.csv", "-f", "json", *args, cwd=folder)


def notes(done: Run) -> list[str]:
    return [n["message"] for n in done.json["notes"] if "add up to" in n["message"]]


@pytest.mark.parametrize("strict", [(), ("--strict",)])
@pytest.mark.parametrize("text", [WIDE + "Total,100.00,25|", LONG + "Total,2024-01,100|"])
def test_both_sums_are_said_where_they_differ_by_rounding(
    tmp_path: Path, text: str, strict: tuple[str, ...]
) -> None:
    """Three thirds of 100 are 99.99; RC837 alone stops a strict run."""
    done = ask(tmp_path, text, "--drop-total-rows", *strict)
    if strict:
        assert (done.exit_code, done.stderr.count("error RC")) == (3, 1)
        return
    assert notes(done) == [
        "in 2024-01 the rows add up to 99.99, the total row says 100.00: the rounding of the cells"
    ]


def test_other_months_that_differ_are_counted(tmp_path: Path) -> None:
    text = WIDE.replace(",10|", ",3.33|").replace(",5|", ",3.33|") + "Total,100.00,10|"
    (said,) = notes(ask(tmp_path, text, "--drop-total-rows"))
    assert said.endswith("the rounding of the cells; likewise in 1 other month")


def test_sums_that_agree_say_nothing(tmp_path: Path) -> None:
    assert notes(ask(tmp_path, WIDE + "Total,99.99,25|", "--drop-total-rows")) == []


def test_what_is_no_rounding_is_refused_with_both_sums(tmp_path: Path) -> None:
    done = ask(tmp_path, WIDE + "Total,101,25|", "--drop-total-rows")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "in 2024-01 the rows add up to 99.99, the total row says 101.00" in done.stderr


SHAPES = {
    "years and months": ("account,start,end,amount,interval|a,2024-01-05,,120,year|"
                         "b,2024-01-05,2024-02-10,10,month|", "130", ()),
    "lines": ("account,amount,period_start,period_end|a,60,2024-01-01,2024-06-30|"
              "b,12.50,2024-01-01,2024-01-31|", "72.50", ()),
    "movements": ("date,account,movement_type,mrr|2024-01-31,a,new,5|2024-02-28,a,expansion,3|"
                  "2024-02-28,b,new,2|2024-03-31,a,contraction,1|", "11", ()),
    "states": ("account,date,event,mrr|a,2024-01-31,subscribed,5|a,2024-02-28,upgraded,8|",
               "13", ()),
    "payments": ("account,payment_date,amount|a,2024-01-31,5|a,2024-02-28,8|b,2024-02-28,8|",
                 "21", ("--shape", "payments")),
    "annual": ("account,month,arr|a,2024-01,60|b,2024-01,90|", "150", ()),
    "prices of a seat": ("account,month,unit_price,seats|a,2024-01,6,3|b,2024-01,9,2|", "15", ()),
    "a sheet": (WIDE, "124.99", ()),
    "cents": ("account,month,mrr|a,2024-01,600|b,2024-01,950|", "15.5", ("--unit", "minor")),
    "trials": ("account,start,amount,status|a,2024-01-31,6,trialing|b,2024-01-31,9,active|",
               "15", ()),
    "rows that stand twice": ("account,month,mrr|a,2024-01,6|a,2024-01,6|", "12",
                              ("--duplicates", "first")),
    "after the closing month": ("account,start,amount|a,2024-01-31,6|b,2024-02-29,9|", "15",
                                ("--as-of", "2024-01")),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_the_total_is_the_sum_of_the_amount_column(tmp_path: Path, shape: str) -> None:
    text, total, more = SHAPES[shape]
    done = ask(tmp_path, text, "--expect-total", total, *more)
    assert float(done.json["sources"][0]["total_mrr"]) == float(total)
    wrong = ask(tmp_path, text, "--expect-total", "1", *more)
    assert (wrong.exit_code, "error RC501" in wrong.stderr) == (3, True)
