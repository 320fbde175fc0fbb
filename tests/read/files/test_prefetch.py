"""A large file is read while the program loads, and read anew where that did not work."""

import hashlib

import pytest

from helpers import run
from retcalc.read.files import prefetch

LARGE = b"x" * prefetch._LARGE


@pytest.fixture
def opened(monkeypatch):
    """The names of the files that were read."""
    names, real = [], prefetch._read

    def read(path):
        names.append(path)
        return real(path)

    monkeypatch.setattr(prefetch, "_read", read)
    return names


def test_a_large_file_is_read_once(tmp_path, opened):
    path = str(tmp_path / "a")
    (tmp_path / "a").write_bytes(LARGE)
    prefetch.begin([path, "another"])
    held = prefetch.read_stored(path)
    assert (held.data, held.same, opened) == (LARGE, True, [path])
    assert held.sha256.result() == hashlib.sha256(LARGE).hexdigest()
    prefetch.read_stored(path)
    assert opened == [path, path]


def test_what_began_is_for_the_run_that_began_it(tmp_path):
    """A second run does not get what the first one never asked for."""
    path = tmp_path / "a"
    path.write_bytes(LARGE)
    prefetch.begin([str(path)])
    path.write_bytes(b"small")
    prefetch.begin([str(path)])
    assert prefetch.read_stored(str(path)).data == b"small"


@pytest.mark.parametrize("paths", [[], ["missing"], ["-"], ["\0"], ["."], ["small"]])
def test_what_is_no_large_file_is_left_to_its_reader(paths, tmp_path, opened, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small").write_bytes(b"small")
    prefetch.begin(paths)
    assert opened == []


def test_what_cannot_be_read_ahead_is_read_again(tmp_path, monkeypatch):
    path = str(tmp_path / "a")
    (tmp_path / "a").write_bytes(LARGE)
    real, calls = prefetch._read, []

    def once(path):
        calls.append(path)
        if len(calls) == 1:
            raise OSError
        return real(path)

    monkeypatch.setattr(prefetch, "_read", once)
    prefetch.begin([path])
    assert prefetch.read_stored(path).data == LARGE
    assert len(calls) == 2


def test_a_large_file_through_the_command_line(tmp_path, opened):
    rows = [f"a{n},2024-{m:02},1" for n in range(30_000) for m in (1, 2, 3)]
    text = "account,month,mrr\n" + "\n".join(rows) + "\n"
    assert len(text) > prefetch._LARGE
    (tmp_path / "d.csv").write_text(text)
    answer = run("nrr", "d.csv", "-f", "json", cwd=tmp_path).json
    assert answer["sources"][0]["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert answer["rows"][0]["closing_mrr"] == "30000.00"
    assert opened == ["d.csv"]
