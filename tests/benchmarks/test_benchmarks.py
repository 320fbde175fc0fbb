"""The benchmarks small: every program gives the same integers. Nothing is timed."""

import subprocess
import sys

import pytest

from helpers import ROOT

pytest.importorskip("duckdb")
pytest.importorskip("pandas")
pytest.importorskip("numpy")


def benchmarks(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


@pytest.mark.parametrize(
    ("options", "lines"), [((), 7), (("--order", "sorted", "--only", "plan"), 1)]
)
def test_all_programs_agree(tmp_path, options, lines):
    done = benchmarks("--rows", "3k", "--check", "--data", str(tmp_path), *options)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == lines


@pytest.mark.parametrize(
    ("option", "title", "more"),
    [
        ("window", "## One window of twelve months", "ratio to polars-scan-two-months"),
        ("by plan", "## The same by plan", "`movements` without segments; retcalc to it: "),
    ],
)
def test_a_page_is_written(tmp_path, option, title, more):
    page = tmp_path / "page.md"
    done = benchmarks(
        *("--rows", "3k,4k", "--repeat", "1", "--times", "2", "--only", option),
        *("--data", str(tmp_path), "--out", str(page)),
    )
    assert done.returncode == 0, done.stderr
    text = page.read_text()
    assert text.count(title) == 1
    assert text.count("| **retcalc** |") == 2
    assert text.count("–") >= 2
    assert more in text
