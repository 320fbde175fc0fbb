"""Every code of the book and the command line, through the real command line."""

import json

import pytest

from errors.cases import ERRORS, NOTES, run_case
from helpers import run
from retcalc.core.error_codes import CATALOGUE


@pytest.mark.parametrize("code", ERRORS)
def test_error(code, tmp_path):
    case = ERRORS[code]
    done = run_case(case, tmp_path)
    assert done.exit_code == CATALOGUE[code].status, done.stderr
    assert done.stdout == ""
    assert f"retcalc: error {code}: " in done.stderr
    assert "Traceback" not in done.stderr
    if case.line is not None:
        assert f"line {case.line}" in done.stderr
    if case.column is not None:
        assert f"column {case.column} " in done.stderr
    if case.fix is not None:
        assert case.fix in done.stderr


@pytest.mark.parametrize("code", NOTES)
def test_note(code, tmp_path):
    done = run_case(NOTES[code], tmp_path, "-f", "json")
    assert code in [n["code"] for n in done.json["notes"]]
    assert f"note {code}: " in done.stderr


@pytest.mark.parametrize("code", [c for c in NOTES if not c.startswith("RC89")])
def test_strict_refuses_notes(code, tmp_path):
    done = run_case(NOTES[code], tmp_path, "--strict")
    assert (done.exit_code, done.stdout) == (3, "")
    assert f"error {code}: " in done.stderr


@pytest.mark.parametrize("code", [c for c in NOTES if c.startswith("RC89")])
def test_strict_leaves_information_alone(code, tmp_path):
    done = run_case(NOTES[code], tmp_path, "--strict", "-f", "json")
    others = [n["code"] for n in json.loads(done.stdout)["notes"]] if done.exit_code == 0 else []
    assert done.exit_code == 0 or not done.stdout
    assert done.exit_code != 0 or code in others


def test_every_bad_row_is_listed_and_written(tmp_path):
    rows = "".join(f"x{i},2024-01,bad{i}\n" for i in range(30))
    (tmp_path / "d.csv").write_text("account,month,mrr\na,2024-01,1\n" + rows)
    done = run("nrr", "d.csv", "--errors-out", "errors.csv", cwd=tmp_path)
    assert done.exit_code == 3
    assert "29 more rows" in done.stderr
    lines = (tmp_path / "errors.csv").read_text().splitlines()
    assert len(lines) == 31
    assert lines[1].startswith("d.csv,3,3,mrr,bad0,RC214,")
    assert lines[-1].startswith("d.csv,32,3,mrr,bad29,RC214,")


def test_different_defects_are_reported_in_one_run(tmp_path):
    (tmp_path / "d.csv").write_text(
        "account,month,mrr\na,2024-01,x\n,2024-01,1\nb,2024-99,1\nc,2024-01,-1\n"
    )
    done = run("nrr", "d.csv", cwd=tmp_path)
    for code in ("RC214", "RC211", "RC221", "RC215"):
        assert f"error {code}" in done.stderr
