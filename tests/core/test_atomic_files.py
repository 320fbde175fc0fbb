"""Whole files or nothing, at any trouble."""

from __future__ import annotations

import errno
import io
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcalc.core import atomic_files
from retcalc.core.atomic_files import write_atomic, write_stdout
from retcalc.core.findings import RetcalcError

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX file systems only")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def refusal(path: object, data: bytes = b"x") -> tuple[str, str]:
    with pytest.raises(RetcalcError) as caught:
        write_atomic(path, data)  # type: ignore[arg-type]
    (finding,) = caught.value.findings
    assert caught.value.status == 4
    assert finding.spots[0].file == os.fspath(path)  # type: ignore[call-overload]
    return finding.code, finding.message


def test_a_new_file_obeys_the_umask(tmp_path):
    old = os.umask(0o027)
    try:
        write_atomic(tmp_path / "out.json", b"one\n")
    finally:
        os.umask(old)
    assert (tmp_path / "out.json").read_bytes() == b"one\n"
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o640
    assert names(tmp_path) == ["out.json"]


@POSIX
def test_an_old_file_keeps_its_mode(tmp_path):
    path = tmp_path / "out.json"
    path.write_bytes(b"old" * 100)
    path.chmod(0o604)
    write_atomic(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@POSIX
def test_a_link_is_followed(tmp_path):
    real = tmp_path / "real"
    real.mkdir()
    (real / "out.json").write_bytes(b"old")
    (tmp_path / "link.json").symlink_to(real / "out.json")
    (tmp_path / "dangling.json").symlink_to(real / "fresh.json")
    write_atomic(tmp_path / "link.json", b"new")
    write_atomic(tmp_path / "dangling.json", b"fresh")
    assert (tmp_path / "link.json").is_symlink()
    assert (real / "out.json").read_bytes() == b"new"
    assert (real / "fresh.json").read_bytes() == b"fresh"
    assert names(real) == ["fresh.json", "out.json"]


def test_a_relative_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_atomic("out.csv", b"a\n")
    assert names(tmp_path) == ["out.csv"]


def test_a_long_name(tmp_path):
    name = "é" * 120 + ".json"
    write_atomic(tmp_path / name, b"x")
    assert names(tmp_path) == [name]


def test_paths_of_no_use(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    reason = "output cannot be written: "
    assert refusal(tmp_path) == ("RC453", reason + "it is a folder")
    assert refusal(tmp_path / "no" / "x") == ("RC454", reason + "its folder does not exist")
    assert refusal(tmp_path / "file" / "x") == ("RC454", reason + "its folder does not exist")
    assert refusal(tmp_path / ("x" * 300)) == ("RC455", reason + "the name is of no use")
    assert refusal(str(tmp_path / "a\0b")) == ("RC455", reason + "the name is of no use")
    assert names(tmp_path) == ["file"]


@POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_what_is_read_only(tmp_path):
    path = tmp_path / "out.json"
    path.write_bytes(b"old")
    path.chmod(0o444)
    assert refusal(path)[0] == "RC452"
    assert path.read_bytes() == b"old"


def test_an_old_file_that_may_not_be_written(tmp_path, monkeypatch):
    path = tmp_path / "out.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(atomic_files.os, "access", lambda *_: False)
    assert refusal(path) == ("RC452", "output cannot be written: there is no permission")
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("number", "code", "reason"),
    [
        (errno.ENOSPC, "RC451", "there is no space left"),
        (errno.EDQUOT, "RC451", "there is no space left"),
        (errno.EROFS, "RC452", "the file system is read-only"),
        (errno.EIO, "RC450", os.strerror(errno.EIO).lower()),
    ],
)
@pytest.mark.parametrize("step", ["write", "fsync"])
def test_trouble_on_the_way_leaves_the_old_file(tmp_path, monkeypatch, step, number, code, reason):
    path = tmp_path / "out.json"
    path.write_bytes(b"old")

    def fail(*_: object) -> int:
        raise OSError(number, "trouble")

    monkeypatch.setattr(atomic_files.os, step, fail)
    assert refusal(path) == (code, f"output cannot be written: {reason}")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["out.json"]


def test_an_interruption_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic_files.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "out.json", b"x")
    assert names(tmp_path) == []


@POSIX
@pytest.mark.parametrize("limit", [0, 1, 4096, 8191])
def test_a_file_size_limit(tmp_path, limit):
    path = tmp_path / "out.json"
    path.write_bytes(b"old")
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, old[1]))
    try:
        code, _ = refusal(path, b"x" * 8192)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert code == "RC451"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["out.json"]


@POSIX
def test_leftovers_of_dead_runs_go_and_of_live_ones_stay(tmp_path):
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    pid = int(dead.stdout)
    kept = [
        f".out.json.{os.getppid()}.retcalc-tmp",
        f".other.json.{pid}.retcalc-tmp",
        ".out.json.mine.retcalc-tmp",
        f".out.json.{pid}",
    ]
    gone = [f".out.json.{pid}.retcalc-tmp", f".out.json.{os.getpid()}.retcalc-tmp"]
    for name in (*kept, *gone, ".out.json.99999999999999999999.retcalc-tmp"):
        (tmp_path / name).write_bytes(b"")
    write_atomic(tmp_path / "out.json", b"x")
    assert names(tmp_path) == sorted([*kept, "out.json"])


@POSIX
def test_devices_and_pipes_are_written_directly(tmp_path):
    write_atomic("/dev/null", b"x")
    assert not Path("/dev/null").is_file()
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    write_atomic(fifo, b"through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert names(tmp_path) == ["fifo"]


@POSIX
def test_a_pipe_whose_reader_has_gone(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "fifo")
    reader = os.open(tmp_path / "fifo", os.O_RDONLY | os.O_NONBLOCK)
    write_all = atomic_files._write_all

    def close_and_write(handle: int, data: bytes) -> None:
        os.close(reader)
        write_all(handle, data)

    monkeypatch.setattr(atomic_files, "_write_all", close_and_write)
    with pytest.raises(BrokenPipeError):
        write_atomic(tmp_path / "fifo", b"x")


@POSIX
def test_a_process_of_somebody_else_is_running(tmp_path, monkeypatch):
    def forbidden(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(atomic_files.os, "kill", forbidden)
    (tmp_path / ".out.json.1.retcalc-tmp").write_bytes(b"")
    write_atomic(tmp_path / "out.json", b"x")
    assert names(tmp_path) == [".out.json.1.retcalc-tmp", "out.json"]


@FULL
def test_a_full_device():
    assert refusal("/dev/full") == ("RC451", "output cannot be written: there is no space left")


@POSIX
def test_a_kill_leaves_the_whole_old_or_the_whole_new_file(tmp_path):
    path = tmp_path / "out.bin"
    path.write_bytes(b"a" * 300_000)
    code = (
        "import sys; from retcalc.core.atomic_files import write_atomic\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    for c in b'ab': write_atomic(sys.argv[1], bytes([c]) * 300_000)\n"
    )
    for number in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(0.01 + 0.007 * number)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        data = path.read_bytes()
        assert len(data) == 300_000
        assert len(set(data)) == 1
    write_atomic(path, b"end")
    assert names(tmp_path) == ["out.bin"]


def bound(encoding: str) -> tuple[io.BytesIO, io.TextIOWrapper]:
    raw = io.BytesIO()
    return raw, io.TextIOWrapper(raw, encoding=encoding)


def test_standard_output_escapes_what_it_cannot_write():
    for encoding, expected in (
        ("utf-8", "é名 \\udcff\n".encode()),
        ("latin-1", b"\xe9\\u540d \\udcff\n"),
        ("ascii", b"\\xe9\\u540d \\udcff\n"),
    ):
        raw, stream = bound(encoding)
        assert write_stdout("é名 \udcff\n", stream) is True
        assert raw.getvalue() == expected


def test_standard_output_without_a_buffer():
    stream = io.StringIO()
    assert write_stdout("é\n", stream) is True
    assert stream.getvalue() == "é\n"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_standard_output_is_byte_for_byte(text):
    raw, stream = bound("utf-8")
    write_stdout(text, stream)
    assert raw.getvalue() == text.encode()


def run(script: str, stdout: object) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys\n"
        "from retcalc.core.findings import RetcalcError\n"
        "from retcalc.core.atomic_files import write_stdout\n"
        "try:\n"
        f"    ok = write_stdout({script})\n"
        "except RetcalcError as error:\n"
        "    print(error, file=sys.stderr); sys.exit(error.status)\n"
        "print(ok, file=sys.stderr)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code], stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
    )  # type: ignore[call-overload,no-any-return]


@FULL
@pytest.mark.parametrize("script", ["'x'", "'x' * 1_000_000"])
def test_standard_output_to_a_full_device(script):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = run(script, full)
    assert done.returncode == 4
    assert done.stderr == "RC451: output cannot be written: there is no space left\n"


@POSIX
@pytest.mark.parametrize("script", ["'x'", "'x' * 1_000_000"])
def test_standard_output_to_a_closed_pipe_ends_quietly(script):
    reader, writer = os.pipe()
    os.close(reader)
    done = run(script, writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "False\n")


def test_no_standard_output_at_all(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(RetcalcError) as caught:
        write_stdout("x")
    assert caught.value.status == 4
    assert caught.value.findings[0].code == "RC456"
