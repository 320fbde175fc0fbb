"""Status words of several languages, and those that nobody knows, in panels and subscriptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import run


@pytest.mark.parametrize(
    ("live", "gone", "trial"),
    [
        ("aktiv", "gekündigt", "Testphase"),
        ("Actif", "résilié", "essai"),
        ("activo", "baja", "prueba"),
        ("active", "Gone", "trial"),
    ],
)
def test_who_left_or_tries_pays_nothing(tmp_path: Path, live: str, gone: str, trial: str) -> None:
    path = tmp_path / "mrr.csv"
    path.write_text(
        "customer_id,month,mrr,status\n"
        f"A,2025-01,100,{live}\nB,2025-01,50,{gone}\nA,2025-02,100,{live}\nC,2025-02,70,{trial}\n"
    )
    rows = run("movements", path, "-f", "json").json["rows"]
    assert [row["closing_mrr"] for row in rows] == ["100.00", "100.00"]


def panel(tmp_path: Path, rows: str) -> Path:
    path = tmp_path / "mrr.csv"
    path.write_text("customer_id,month,mrr,status\n" + rows)
    return path


def test_an_unknown_status_of_little_money_is_taken_as_active_and_said(tmp_path: Path) -> None:
    path = panel(tmp_path, "A,2025-01,97,active\nA,2025-02,97,active\nA,2025-03,6,golden\n")
    done = run("movements", path, "-f", "json").json
    assert [row["closing_mrr"] for row in done["rows"]] == ["97.00", "97.00", "6.00"]
    notes = {n["code"]: n for n in done["notes"]}
    assert notes["RC816"]["message"] == (
        "status not known, taken as active: golden: 1 row of 1 account (100%), 6.00 of 200.00 (3%)"
    )
    assert (notes["RC816"]["line"], notes["RC816"]["count"]) == (4, 1)


@pytest.mark.parametrize(
    ("meaning", "closing"), [("active", "150.00"), ("ended", "100.00"), ("none", "100.00")]
)
def test_an_unknown_status_of_more_money_is_refused_until_it_is_given_a_meaning(
    tmp_path: Path, meaning: str, closing: str
) -> None:
    path = panel(tmp_path, "A,2025-01,100,active\nB,2025-01,50,VIP kund\n")
    refused = run("movements", path)
    assert refused.exit_code == 3
    assert f"--word 'VIP kund={meaning}'" in refused.stderr
    done = run("movements", path, "-f", "json", "--word", f"VIP kund={meaning}")
    assert [row["closing_mrr"] for row in done.json["rows"]] == [closing]
