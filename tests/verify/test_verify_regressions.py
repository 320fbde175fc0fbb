"""What the verify commands found once, kept from coming back."""

import os
from pathlib import Path

import polars as pl
import pytest

from helpers import Run, run

PANEL = "account_id,month,mrr\na,2026-01,1.00\na,2026-02,2.00\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "panel.csv").write_text(PANEL)
    (tmp_path / "customers.csv").write_text("account_id,plan\na,Pro\n")
    (tmp_path / "retcalc.json").write_text("sources: {mrr: panel.csv, customers: customers.csv}\n")
    merged = "{account: {column: account_id, mergers: mergers.csv}, definition: ./own.json}"
    (tmp_path / "merged.json").write_text(merged)
    (tmp_path / "mergers.csv").write_text("from,to\nb,a\n")
    (tmp_path / "own.json").write_text("basis: monthly\n")
    (tmp_path / "hard.csv").hardlink_to(tmp_path / "panel.csv")
    return tmp_path


@pytest.mark.parametrize(
    "line",
    [
        ("panel.csv", "-o", "hard.csv"),
        ("panel.csv", "--errors-out", "panel.csv"),
        ("panel.csv", "--customers", "customers.csv", "-o", "customers.csv"),
        ("panel.csv", "--config", "retcalc.json", "-o", "retcalc.json"),
        ("--config", "retcalc.json", "-o", "panel.csv"),
        ("--config", "retcalc.json", "-o", "customers.csv"),
        ("--config", "retcalc.json", "--errors-out", "customers.csv"),
        ("panel.csv", "-o", "out.csv", "--errors-out", "./out.csv"),
        ("panel.csv", "--mergers", "customers.csv", "-o", "customers.csv"),
        ("panel.csv", "--config", "merged.json", "-o", "mergers.csv"),
        ("panel.csv", "--config", "merged.json", "-o", "own.json"),
    ],
)
def test_an_output_is_never_an_input_or_another_output(line: tuple[str, ...], folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = run("nrr", *line, cwd=folder)
    assert done.exit_code == 2
    assert "RC154" in done.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_init_never_replaces_the_data(folder: Path) -> None:
    assert run("init", "panel.csv", "-o", "panel.csv", "--force", cwd=folder).exit_code == 2
    assert (folder / "panel.csv").read_text() == PANEL


def test_an_output_among_the_parts_of_an_input_folder_is_refused(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    frame = pl.DataFrame({"account_id": ["a"], "month": ["2026-01"], "mrr": [1]})
    frame.write_parquet(parts / "0.parquet")
    done = run("nrr", "parts", "-o", "parts/new.parquet", cwd=tmp_path)
    assert done.exit_code == 2 and "RC154" in done.stderr


def test_a_link_to_itself_as_output_is_refused(folder: Path) -> None:
    (folder / "loop.json").symlink_to(folder / "loop.json")
    done = run("nrr", "panel.csv", "-o", "loop.json", cwd=folder)
    assert done.exit_code == 4 and "RC455" in done.stderr


def test_a_device_may_be_named_twice(folder: Path) -> None:
    done = run("nrr", "panel.csv", "--errors-out", os.devnull, "--quiet", cwd=folder)
    assert done.exit_code == 0


def far(folder: Path, odd: str) -> Run:
    """Six months of one account and a row of another between them, on another day."""
    rows = [f"a,2026-{m:02d}-28,1.00" for m in range(1, 7)]
    rows.insert(3, f"b,{odd},1.00")
    (folder / "far.csv").write_text("\n".join(["account_id,month,mrr", *rows]) + "\n")
    return run("movements", "far.csv", "--errors-out", "errors.csv", "-f", "json", cwd=folder)


def test_a_date_long_ago_is_named_with_column_and_value(tmp_path: Path) -> None:
    done = far(tmp_path, "1990-01-31")
    assert done.exit_code == 3
    assert 'far.csv, line 5, column 2 "month"' in done.stderr
    first = (tmp_path / "errors.csv").read_text().splitlines()[1]
    assert first == "far.csv,5,2,month,1990-01-31,RC233,a month without any row"


def test_a_date_far_ahead_is_named_and_sets_no_window(tmp_path: Path) -> None:
    done = far(tmp_path, "2099-03-31")
    assert done.json["rows"][-1]["month"] == "2026-06"
    assert 'far.csv, line 5, column 2 "month"' in done.stderr
    assert '"2099-03-31"' in done.stderr


def test_an_amount_of_a_million_digits_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text(f"{PANEL}b,2026-02,{'9' * 1_000_000}\n")
    done = run("nrr", "long.csv", cwd=tmp_path)
    assert done.exit_code == 3 and "RC214" in done.stderr
    assert len(done.stderr) < 2_000


def test_endless_blank_lines_are_refused(tmp_path: Path) -> None:
    (tmp_path / "blank.csv").write_text(PANEL + "\n" * 3_000_000 + "a,2026-03,1.00\n")
    done = run("nrr", "blank.csv", cwd=tmp_path)
    assert done.exit_code == 3 and "RC330" in done.stderr


def test_map_columns_are_left_out_like_lists(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    pairs = pa.array([[("k", 1)], [("k", 2)]], pa.map_(pa.string(), pa.int32()))
    table = {"account_id": ["a", "a"], "month": ["2026-01", "2026-02"], "mrr": [1, 2]}
    write_table(pa.table({**table, "extra": pairs}), tmp_path / "map.parquet")
    done = run("nrr", "map.parquet", "--by", "extra", cwd=tmp_path)
    assert done.exit_code == 2 and "RC150" in done.stderr
    assert "RC811" in run("nrr", "map.parquet", cwd=tmp_path).stdout


@pytest.mark.parametrize("title", ["*", "^.*$", "^mrr$"])
def test_a_column_name_that_selects_others_is_refused(title: str, tmp_path: Path) -> None:
    """Polars takes such names for patterns, in a CSV and in Parquet alike."""
    (tmp_path / "odd.csv").write_text(f"account_id,month,mrr,{title}\na,2026-01,1.00,x\n")
    pl.read_csv(tmp_path / "odd.csv").write_parquet(tmp_path / "odd.parquet")
    for name in ("odd.csv", "odd.parquet"):
        done = run("nrr", name, "--by", title, cwd=tmp_path)
        assert done.exit_code == 3 and "RC314" in done.stderr


def test_churn_of_five_months_compounds_to_a_year() -> None:
    """Five years at the yearly pace lose as much as twelve times five months: 0.8 ** 12."""
    from fractions import Fraction

    from retcalc.metrics.customers.annualised_logo_churn import yearly

    kept = 1 - yearly(Fraction(1, 5), 5)  # type: ignore[operator]
    assert float(kept**5) == pytest.approx(0.068719476736, rel=1e-12)


def test_nothing_is_written_when_one_output_cannot_be_made(folder: Path) -> None:
    done = run("concentration", "panel.csv", "-o", "a.csv", "-o", "a.svg", cwd=folder)
    assert done.exit_code == 2 and "RC183" in done.stderr
    assert not (folder / "a.csv").exists()


def test_a_picture_is_no_other_output(folder: Path) -> None:
    done = run("cohort", "panel.csv", "-o", "a.svg", "--plot", "./a.svg", cwd=folder)
    assert done.exit_code == 2 and "RC154" in done.stderr
