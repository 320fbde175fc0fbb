"""Amounts that are refused, with their lines, through the real command line."""

from book.command import write_lines
from helpers import run


def test_one_cent_below_zero_is_negative(tmp_path):
    write_lines(tmp_path, "account,month,mrr", "a,2024-01,5", "a,2024-02,-0.01")
    done = run("nrr", "data.csv", cwd=tmp_path)
    assert done.exit_code == 3
    assert "RC215" in done.stderr and "line 3" in done.stderr


def test_only_amounts_with_a_point_are_in_doubt(tmp_path):
    write_lines(tmp_path, "account,month,mrr", "a,2024-01,5", "b,2024-01,1.234", "c,2024-01,7")
    done = run("nrr", "data.csv", "--errors-out", "bad.csv", cwd=tmp_path)
    assert done.exit_code == 3
    lines = (tmp_path / "bad.csv").read_text().splitlines()[1:]
    assert [line.split(",")[1] for line in lines] == ["3"]
