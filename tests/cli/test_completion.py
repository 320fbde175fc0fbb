"""TAB in a real shell's words: commands, metrics, profiles and columns."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("retcalc nr", "nrr"),
        ("retcalc compare logo_c", "logo_churn"),
        ("retcalc metrics quick", "quick_ratio"),
        ("retcalc nrr mrr.csv --definition lazy", "lazy-nrr"),
        ("retcalc nrr mrr.csv --by pl", "plan"),
    ],
)
def test_a_word_is_completed(tmp_path: Path, words: str, expected: str) -> None:
    (tmp_path / "mrr.csv").write_text("account,month,mrr,plan\na,2024-01,1,Pro\n")
    asked = {
        "_RETCALC_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "retcalc"],
        cwd=tmp_path,
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert expected in done.stdout.split()


def test_the_script_of_a_shell_is_printed() -> None:
    command = [sys.executable, "-m", "retcalc", "--show-completion", "bash"]
    named = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = subprocess.run(command, env=named, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "_retcalc_completion" in done.stdout.lower()
