"""The benchmarks small: every program gives the same integers. Nothing is timed."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("duckdb")
pytest.importorskip("pandas")
pytest.importorskip("numpy")
ROOT = Path(__file__).resolve().parents[2]


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


def test_a_page_is_written(tmp_path):
    page = tmp_path / "page.md"
    done = benchmarks(
        *("--rows", "1k", "--repeat", "1", "--only", "window"),
        *("--data", str(tmp_path), "--out", str(page)),
    )
    assert done.returncode == 0, done.stderr
    text = page.read_text()
    assert "## One window of twelve months" in text
    assert "| **retcalc** |" in text
