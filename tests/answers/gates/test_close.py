"""Closes that stay closed: one cent in one closed month is found, named and booked."""

import csv
import io
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from helpers import ROOT, run
from retcalc.cli.output.demo_data import demo_files

ROWS = [
    ("a", "2024-01", "100.00"),
    ("b", "2024-01", "50.00"),
    ("a", "2024-02", "100.00"),
    ("b", "2024-02", "60.00"),
    ("a", "2024-03", "90.00"),
    ("b", "2024-03", "60.00"),
]


def write(folder, rows):
    text = "account,month,mrr\n" + "".join(f"{a},{m},{v}\n" for a, m, v in rows)
    (folder / "mrr.csv").write_text(text)


@pytest.fixture
def closed(tmp_path):
    write(tmp_path, ROWS)
    assert run("close", "lock", "2024-02", "mrr.csv", cwd=tmp_path).exit_code == 0
    return tmp_path


def changed(rows, account, month, value):
    return [(a, m, value if (a, m) == (account, month) else v) for a, m, v in rows]


def test_nothing_changed(closed):
    done = run("close", "verify", "mrr.csv", cwd=closed)
    assert done.exit_code == 0
    assert "no locked month was restated" in done.stdout


def test_the_open_month_may_change(closed):
    write(closed, changed(ROWS, "a", "2024-03", "1.00"))
    assert run("close", "verify", "mrr.csv", cwd=closed).exit_code == 0


def test_one_cent_in_one_closed_month_is_named(closed):
    write(closed, changed(ROWS, "b", "2024-01", "50.01"))
    assert run("close", "verify", "mrr.csv", cwd=closed).exit_code == 1
    done = run("close", "diff", "mrr.csv", "-f", "csv", cwd=closed)
    assert done.exit_code == 1
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert rows[0] == {
        "account": "b",
        "month": "2024-01",
        "locked_mrr": "50.00",
        "current_mrr": "50.01",
        "difference": "0.01",
    }
    assert rows[-1]["difference"] == "0.01"


def test_vanished_and_new_accounts_of_a_closed_month_are_changes(closed):
    rows = [r for r in ROWS if r[:2] != ("b", "2024-02")] + [("c", "2024-01", "5.00")]
    write(closed, rows)
    found = run("close", "diff", "mrr.csv", "-f", "csv", cwd=closed).stdout.splitlines()
    assert found[1:] == [
        "b,2024-02,60.00,0.00,-60.00",
        "c,2024-01,0.00,5.00,5.00",
        ",,60.00,5.00,-55.00",
    ]


def test_row_order_and_spelling_are_no_change(closed):
    write(closed, [(a, m, v.rstrip("0").rstrip(".")) for a, m, v in reversed(ROWS)])
    assert run("close", "verify", "mrr.csv", cwd=closed).exit_code == 0


def test_late_corrections_are_booked_to_the_open_month(closed):
    write(closed, changed(ROWS, "b", "2024-01", "50.01"))
    refused = run("close", "lock", "2024-03", "mrr.csv", cwd=closed)
    assert refused.exit_code == 1
    assert "RC601" in refused.stderr
    assert "b in 2024-01 was 50, is 50.01" in refused.stderr
    assert not (closed / "retcalc-locks" / "2024-03.json").exists()
    booked = run("close", "lock", "2024-03", "mrr.csv", "--as-corrections", cwd=closed)
    assert booked.exit_code == 0
    assert run("close", "verify", "mrr.csv", cwd=closed).exit_code == 0
    write(closed, ROWS)
    assert run("close", "verify", "mrr.csv", cwd=closed).exit_code == 1


def test_a_lock_is_never_overwritten(closed):
    before = {p.name: p.read_bytes() for p in (closed / "retcalc-locks").iterdir()}
    done = run("close", "lock", "2024-02", "mrr.csv", cwd=closed)
    assert done.exit_code == 3
    assert "RC291" in done.stderr
    assert before == {p.name: p.read_bytes() for p in (closed / "retcalc-locks").iterdir()}


def test_a_damaged_lock_is_refused(closed):
    panel = next((closed / "retcalc-locks").glob("*.panel.*"))
    panel.write_bytes(panel.read_bytes()[:-1])
    done = run("close", "verify", "mrr.csv", cwd=closed)
    assert done.exit_code == 3
    assert "RC290" in done.stderr


def test_verify_without_a_lock_says_so(tmp_path):
    write(tmp_path, ROWS)
    done = run("close", "verify", "mrr.csv", cwd=tmp_path)
    assert done.exit_code == 3
    assert "RC292" in done.stderr


def test_the_manifest_holds_the_figures_of_the_month(closed):
    import json

    manifest = json.loads((closed / "retcalc-locks" / "2024-02.json").read_text())
    (figures,) = manifest["figures"]
    assert (figures["opening_mrr"], figures["expansion_mrr"], figures["closing_mrr"]) == (
        "150.00",
        "10.00",
        "160.00",
    )
    assert len(manifest["sources"][0]["sha256"]) == 64


def test_kills_leave_the_old_state_or_the_new(tmp_path):
    """Random kills while locking; the reliability command runs 200, this one a few."""
    write(tmp_path, ROWS)
    kills = int(os.environ.get("RETCALC_KILLS", "6"))
    pause = random.Random(7)
    command = [sys.executable, "-m", "retcalc", "close", "lock", "2024-02", "mrr.csv"]
    for _ in range(kills):
        process = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(pause.uniform(0.1, 1.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        done = run("close", "verify", "mrr.csv", cwd=tmp_path)
        if (tmp_path / "retcalc-locks" / "2024-02.json").exists():
            assert done.exit_code == 0
            for file in (tmp_path / "retcalc-locks").iterdir():
                file.unlink()
        else:
            assert "RC292" in done.stderr


@pytest.fixture
def demo(tmp_path):
    for name, text in demo_files().items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_example_month_close_runs_from_end_to_end(demo):
    script = ROOT / "examples" / "month-close.sh"
    shim = demo / "bin"
    shim.mkdir()
    (shim / "retcalc").write_text(f'#!/bin/sh\nexec {sys.executable} -m retcalc "$@"\n')
    (shim / "retcalc").chmod(0o755)
    env = {**os.environ, "PATH": f"{shim}:{os.environ['PATH']}"}

    def close(month):
        return subprocess.run(
            ["bash", str(script), month, "mrr.csv"],
            cwd=demo,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    first = close("2026-09")
    assert first.returncode == 0, first.stderr
    assert (demo / "close-2026-09.json").exists()
    text = (demo / "mrr.csv").read_text()
    (demo / "mrr.csv").write_text(text.replace("2026-08,", "2026-08,1", 1))
    second = close("2026-10")
    assert second.returncode == 1
    assert (demo / "restatements.csv").exists()
    (demo / "mrr.csv").write_text(text)
    assert close("2026-10").returncode == 0
