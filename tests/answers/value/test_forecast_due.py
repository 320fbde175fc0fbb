"""What falls due for renewal beside a forecast, from terms of a year that begin month by month."""

import pytest

from helpers import run


def terms(path, until=36):
    """Account n starts in month n after 2022-01 for a year; who started by 2023-12 renews once."""
    rows = []
    for n in range(36):
        for year in (0, 1) if n < 24 else (0,):
            start, end = n + 12 * year, n + 12 * (year + 1)
            if start < until:
                days = (f"{2022 + m // 12}-{m % 12 + 1:02d}-01" for m in (start, end))
                rows.append(f"a{n:02},{','.join(days)},{100 + n},{'Pro' if n % 2 else 'Basic'}")
    path.write_text("\n".join(["customer_id,start_date,end_date,mrr,plan", *rows]) + "\n")
    return path


COMMAND = ("--months", "6", "--as-of", "2024-12", "--period-end", "exclusive", "-f", "json")


def test_terms_that_end_in_each_month_to_come(tmp_path):
    """The last day 31 January 2025 has a13 (113, its second year) and a25 (125), and so on."""
    result = run("forecast", terms(tmp_path / "terms.csv"), *COMMAND).json
    due = [(r["month"], r["due_accounts"], r["due_mrr"]) for r in result["due_for_renewal"]]
    assert due == [(f"2025-0{m}", 2, f"{236 + 2 * m}.00") for m in range(1, 7)]


def test_by_segment_too(tmp_path):
    path = terms(tmp_path / "terms.csv")
    rows = run("forecast", path, *COMMAND, "--by", "plan").json["due_for_renewal"]
    first = [(r["segment"], r["due_mrr"]) for r in rows if r["month"] == "2025-01"]
    assert first == [({"plan": "Basic"}, "0.00"), ({"plan": "Pro"}, "238.00"), ({}, "238.00")]


def test_what_begins_after_the_closing_is_not_known(tmp_path):
    asked = ("--months", "6", "--as-of", "2024-06", "--period-end", "exclusive", "-f", "json")
    whole = run("forecast", terms(tmp_path / "whole.csv"), *asked).json
    cut = run("forecast", terms(tmp_path / "cut.csv", until=30), *asked).json
    assert whole["due_for_renewal"] == cut["due_for_renewal"]
    assert whole["rows"] == cut["rows"]


@pytest.mark.parametrize("form", ["csv", "md", "table"])
def test_every_form_holds_it(tmp_path, form):
    done = run("forecast", terms(tmp_path / "terms.csv"), *COMMAND[:-1], form)
    assert done.exit_code == 0
    assert form == "csv" or "248.00" in done.stdout


def test_without_terms_there_is_none(tmp_path):
    path = tmp_path / "panel.csv"
    rows = [f"a,{2022 + m // 12}-{m % 12 + 1:02d},100" for m in range(36)]
    path.write_text("\n".join(["customer,month,mrr", *rows]) + "\n")
    assert "due_for_renewal" not in run("forecast", path, "--months", "6", "-f", "json").json
