"""The help: an example a command that runs, and a start that loads nothing heavy."""

import shlex
import subprocess
import sys

import pytest

from helpers import run
from retcalc.cli.app import leaves
from retcalc.cli.output.demo_data import demo_files

COMMANDS = dict(leaves())
SUBS = "account,start_date,end_date,mrr\na,2024-01-01,2025-01-01,5\nb,2024-03-31,,5\n"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    for name, text in demo_files().items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_ends_with_an_example(path):
    done = run(*path, "--help")
    assert done.exit_code == 0
    assert done.stdout.rstrip().endswith(COMMANDS[path].epilog)
    assert COMMANDS[path].epilog.startswith("retcalc " + " ".join(path))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_example_runs(path, demo, tmp_path):
    for file in demo.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "subs.csv").write_text(SUBS)
    if path[0] == "close" and path[1] != "lock":
        assert run("close", "lock", "2026-09", "mrr.csv", cwd=tmp_path).exit_code == 0
    if path == ("init",):
        (tmp_path / "retcalc.yaml").unlink()
    done = run(*shlex.split(COMMANDS[path].epilog)[1:], cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
    assert done.stdout or "wrote" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["nrr", "--help"], ["nrr", "--no"]]
)
def test_help_loads_nothing_heavy(arguments):
    code = (
        "import sys\nfrom retcalc.cli.main import main\n"
        f"main({arguments!r})\n"
        "heavy = {'polars', 'rich.table', 'rich.console', 'yaml'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_plain_run_loads_no_tables_and_no_engines(tmp_path):
    (tmp_path / "mrr.csv").write_text("account,month,mrr\na,2024-01,1\na,2024-02,1\n")
    code = (
        "import sys\nfrom retcalc.cli.main import main\n"
        "status = main(['nrr', 'mrr.csv', '-f', 'csv'])\n"
        "heavy = {'rich.table', 'duckdb', 'scipy'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr


def test_no_arguments_show_the_help():
    done = run()
    assert done.exit_code == 2
    assert "Usage: retcalc" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nrrr"], "Did you mean 'nrr'"),
        (["nrr", "--bye", "x"], "--bye"),
        (["nrr", "x", "--skip-lines", "q"], "--skip-lines"),
        (["nrr", "x", "-f", "xml"], "--format"),
    ],
)
def test_a_wrong_command_line_ends_with_two(arguments, words):
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "retcalc: error RC100: " in done.stderr
    assert words in done.stderr


def test_an_option_that_would_do_nothing_is_refused(tmp_path):
    (tmp_path / "mrr.csv").write_text("account,month,mrr\na,2024-01,1\na,2024-02,1\n")
    done = run("nrr", "mrr.csv", "--engine", "polars", cwd=tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC100: No such option: --engine" in done.stderr
