"""No option writes over a file that the run reads or keeps, nor over what another one writes."""

import os
from pathlib import Path

import pytest

from helpers import run
from retcalc.cli.app import leaves

PANEL = "account,month,mrr\na,2025-05,10\na,2025-06,12\nb,2025-05,5\nb,2025-06,5\n"
CONFIG = "checks: [{metric: closing_mrr, min: 1}]\n"
READ = {"p.csv": PANEL, "p.svg": PANEL, "p.md": PANEL, "k.yaml": CONFIG, "retcalc.yaml": CONFIG}
KEPT = {
    "customers.csv": "account,plan\na,Pro\nb,Pro\n",
    "spend.csv": "month,spend\n2025-06,5\n",
    "rates.csv": "month,currency,rate\n2025-06,EUR,1.1\n",
    "merged.csv": "from,to\nx,a\n",
    "own.yaml": "basis: monthly\n",
    "bands.yaml": "bands: [{metric: nrr, who: us, good: 1.0, source: a book}]\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {**READ, **KEPT}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "link.csv").symlink_to("p.csv")
    (tmp_path / "through.csv").symlink_to("nope/../p.csv")
    os.link(tmp_path / "p.csv", tmp_path / "hard.csv")
    assert run("close", "lock", "2025-06", "p.csv", cwd=tmp_path).exit_code == 0
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


INPUTS = [
    *(("nrr", "p.csv", option, target) for option in ("-o", "--errors-out")
      for target in ("p.csv", "link.csv", "hard.csv", "through.csv", "./p.csv")),
    ("nrr", "p.csv", "--errors-out", "retcalc.yaml"),
    ("nrr", "p.csv", "-c", "k.yaml", "--errors-out", "k.yaml"),
    ("nrr", "p.csv", "--customers", "customers.csv", "-o", "customers.csv"),
    ("clv-cac", "p.csv", "--costs", "spend.csv", "--errors-out", "spend.csv"),
    ("nrr", "p.csv", "--fx", "rates.csv", "-o", "rates.csv"),
    ("nrr", "p.csv", "--mergers", "merged.csv", "-o", "merged.csv"),
    ("nrr", "p.csv", "--definition", "own.yaml", "--errors-out", "own.yaml"),
    ("compare", "nrr", "p.csv", "--profile", "own.yaml", "--errors-out", "own.yaml"),
    ("check", "p.csv", "--benchmarks", "bands.yaml", "--junit", "bands.yaml"),
    ("check", "p.csv", "--junit", "p.csv"),
    ("check", "p.csv", "--junit", "retcalc.yaml"),
    ("cohort", "p.svg", "--plot", "p.svg"),
    ("report", "p.md", "-o", "p.md"),
    ("init", "p.csv", "-o", "p.csv", "--force"),
]  # fmt: skip
TWICE = [
    ("check", "p.csv", "--junit", "z.json", "-o", "z.json"),
    ("check", "p.csv", "--junit", "z.json", "-o", "Z.json"),
    ("check", "p.csv", "--junit", "z.json", "--errors-out", "z.json"),
    ("cohort", "p.csv", "--plot", "z.svg", "-o", "z.svg"),
    ("nrr", "p.csv", "-o", "z.csv", "-o", "./z.csv"),
]
LOCKS = [
    ("nrr", "p.csv", "-o", "retcalc-locks/2025-06.json"),
    ("check", "p.csv", "--junit", "retcalc-locks/2025-06.json"),
    ("close", "verify", "p.csv", "-o", "retcalc-locks/new.json"),
    ("close", "lock", "2025-06", "p.csv", "--locks", "new", "-o", "new/2025-06.json"),
]


@pytest.mark.parametrize("line", [*INPUTS, *TWICE, *LOCKS], ids=" ".join)
def test_an_output_is_no_input_no_lock_and_no_other_output(
    line: tuple[str, ...], folder: Path
) -> None:
    (folder / "new").mkdir()
    before = contents(folder)
    done = run(*line, cwd=folder)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC154: " in done.stderr
    assert contents(folder) == before


@pytest.mark.parametrize(
    "line",
    [
        ("nrr", "p.csv", "-o", "nope/../p.csv"),
        ("nrr", "p.csv", "-c", "k.yaml", "--errors-out", "x/../k.yaml"),
        ("cohort", "p.svg", "--plot", "x/../p.svg"),
        ("check", "p.csv", "--junit", "x/../p.csv"),
        ("report", "p.md", "-o", "x/../p.md"),
        ("init", "p.csv", "-o", "x/../p.csv", "--force"),
        ("nrr", "p.csv", "-o", "p.csv/out.json"),
    ],
    ids=" ".join,
)
def test_a_folder_that_does_not_exist_is_no_way_to_a_file(
    line: tuple[str, ...], folder: Path
) -> None:
    before = contents(folder)
    done = run(*line, cwd=folder)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "error RC454: " in done.stderr
    assert contents(folder) == before


def test_locks_do_not_go_among_the_data(folder: Path) -> None:
    pl = pytest.importorskip("polars")
    (folder / "parts").mkdir()
    pl.read_csv(folder / "p.csv").write_parquet(folder / "parts/0.parquet")
    line = ("close", "lock", "2025-06", "parts", "--locks", "parts", "-c", "k.yaml")
    done = run(*line, cwd=folder)
    assert done.exit_code == 2
    assert "error RC154: " in done.stderr and "--locks retcalc-locks" in done.stderr
    assert [p.name for p in (folder / "parts").iterdir()] == ["0.parquet"]


def test_demo_replaces_no_file_but_its_own(folder: Path) -> None:
    before = contents(folder)
    done = run("demo", ".", cwd=folder)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "error RC161: customers.csv exists" in done.stderr
    assert contents(folder) == before
    assert run("demo", "new", cwd=folder).exit_code == 0
    assert run("demo", "new", cwd=folder).exit_code == 0


def test_every_option_that_names_a_file_is_known_to_read_or_to_write() -> None:
    """A new one has to be put into this list, and before that into the check of targets."""
    read = {"config", "customers", "costs", "fx", "mergers", "benchmarks", "locks", "reasons"}
    written = {"output", "errors_out", "plot", "junit"}
    named = {
        p.name
        for _, command in leaves()
        for p in command.params
        if p.param_type_name == "option" and p.metavar in ("FILE", "FOLDER")
    }
    assert named == read | written
