"""Every code of the shapes, through the real command line."""

import pytest

from errors.cases import run_case
from errors.shape_cases import SHAPE_ERRORS, SHAPE_NOTES
from retcalc.core.error_codes import CATALOGUE


@pytest.mark.parametrize("code", SHAPE_ERRORS)
def test_shape_error(code, tmp_path):
    case = SHAPE_ERRORS[code]
    done = run_case(case, tmp_path)
    assert f"retcalc: error {code}: " in done.stderr, done.stderr
    assert (done.exit_code, done.stdout) == (CATALOGUE[code].status, "")
    if case.line is not None:
        assert f"line {case.line}" in done.stderr
    if case.column is not None:
        assert f"column {case.column} " in done.stderr
    if case.fix is not None:
        assert case.fix in done.stderr


@pytest.mark.parametrize("code", SHAPE_NOTES)
def test_shape_note(code, tmp_path):
    done = run_case(SHAPE_NOTES[code], tmp_path, "-f", "json")
    assert code in [n["code"] for n in done.json["notes"]]


@pytest.mark.parametrize("code", [c for c in SHAPE_NOTES if not c.startswith("RC89")])
def test_strict_refuses_shape_notes(code, tmp_path):
    done = run_case(SHAPE_NOTES[code], tmp_path, "--strict")
    assert (done.exit_code, done.stdout) == (3, "")
    assert f"error {code}: " in done.stderr
