"""Values of segments and filters: those nobody has, those that look alike, those side by side."""

from pathlib import Path

import pytest

from helpers import run

ROWS = (
    "account,month,mrr,plan|a,2024-01,10,Pro|b,2024-01,20,Team|a,2024-02,10,Pro|b,2024-02,20,Team|"
)


def notes(folder: Path, text: str, *args: str) -> list[str]:
    (folder / "data.csv").write_text(text.replace("|", "\n"))
    found = run("nrr", "data.csv", "-f", "json", *args, cwd=folder).json["notes"]
    return [n["message"] for n in found if n["code"] in ("RC845", "RC871", "RC872")]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("plan=Taem", "no account has plan = Taem; did you mean Team?"),
        ("plan=pro", "no account has plan = pro; did you mean Pro?"),
        ("plan in Pro,Taem", "no account has plan = Taem; did you mean Team?"),
        ("plan!=Taem", "no account has plan = Taem; did you mean Team?"),
        ("plan=Gold", "no account has plan = Gold; the values are Pro, Team"),
        ("mrr>=100", "no account has mrr >= 100; the values are 10, 20"),
    ],
)
@pytest.mark.parametrize("basis", ["opening", "current"])
def test_a_value_that_nobody_has_is_said(tmp_path: Path, where: str, said: str, basis: str) -> None:
    (tmp_path / "retcalc.yaml").write_text(f"segments: {{as_of: {basis}}}\n")
    assert notes(tmp_path, ROWS, "--where", where) == [said]


@pytest.mark.parametrize("where", ["plan=Pro", "plan in Pro,Team", "plan!=Pro", "mrr>=10"])
def test_values_that_are_there_say_nothing(tmp_path: Path, where: str) -> None:
    assert notes(tmp_path, ROWS, "--where", where) == []


def test_values_that_look_alike_are_said(tmp_path: Path) -> None:
    text = ROWS + "c,2024-01,5,pro |c,2024-02,5,pro |d,2024-01,5,TEAM|d,2024-02,5,TEAM|"
    said = "values of plan differ in case or blanks only, kept apart: "
    assert notes(tmp_path, text, "--by", "plan") == [said + "'Pro' and 'pro '; 'TEAM' and 'Team'"]
    assert notes(tmp_path, text, "--where", "plan=Pro") == [said + "'Pro' and 'pro '"]


def test_several_values_at_once_are_weighed(tmp_path: Path) -> None:
    """Of 42 a month in two months, e pays 9 and 3: the 3 of each month count under Gold."""
    text = ROWS + "".join(f"e,2024-0{m},{mrr},{plan}|" for m in (1, 2)
                          for mrr, plan in ((9, "Gold"), (3, "Pro")))  # fmt: skip
    path = tmp_path / "mrr.csv"
    path.write_text(text.replace("|", "\n"))
    asked = (path, "--by", "plan", "--duplicates", "sum", "-f", "json")
    lives = run("survival", *asked).json["notes"]
    assert [n["message"] for n in lives if n["code"] == "RC845"] == [
        "2 account-months hold several values of plan; the largest amount's counts: 1 account, "
        "7.1% of the MRR is under another value"
    ]
    split = [n["message"] for n in run("nrr", *asked).json["notes"]]
    said = "1 account has several values of plan in one month (28.6% of the MRR), split over them: "
    assert f"{said}such an account counts once in each and once in the total" in split
