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


def test_an_unknown_status_of_a_panel_is_said(tmp_path: Path) -> None:
    path = tmp_path / "mrr.csv"
    path.write_text("customer_id,month,mrr,status\nA,2025-01,100,active\nB,2025-01,50,golden\n")
    notes = {n["code"]: n for n in run("movements", path, "-f", "json").json["notes"]}
    assert notes["RC816"]["message"] == "status not known, taken as active: golden"
    assert (notes["RC816"]["line"], notes["RC816"]["count"]) == (3, 1)
