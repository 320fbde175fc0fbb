"""The verify commands in small: every kind of trial once or a few times."""

import ast
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import ROOT, SHARED, needs_shared

sys.path.insert(0, str(ROOT / "verify"))

import crash
import defects
import fuzz
import hostile
import injection
import metamorphic
import readings
import sweep
import truth
from dated import busy_terms, cells
from harness import Runner, clean_panel, corpus_files, csv_lines


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner(env={"FORCE_COLOR": "1"}) as run:
        yield run


@pytest.mark.parametrize("kind", defects.KINDS)
def test_a_seeded_defect_is_named_exactly(kind: str, runner: Runner, tmp_path: Path) -> None:
    rng = random.Random(f"suite {kind}")
    defect = defects.KINDS[kind](csv_lines(clean_panel(rng)), rng)
    assert defects.examine(runner, tmp_path, defect) == (True, "")


@pytest.mark.parametrize("kind", readings.READINGS)
def test_an_export_is_read_right_or_refused(kind: str, runner: Runner, tmp_path: Path) -> None:
    made = readings.READINGS[kind](random.Random(f"suite {kind}"))
    for container in readings.CONTAINERS:
        assert readings.judge(runner, tmp_path, readings.held(made, container)) == ""


def test_a_wrong_answer_is_noticed(runner: Runner, tmp_path: Path) -> None:
    """The judge itself: of another answer, of a note that is missing, of a refusal."""
    made = readings.READINGS["end_word"](random.Random("suite"))
    month = max(made.right)
    wrong = replace(made, right={**made.right, month: ("0.01", 1)})
    assert readings.judge(runner, tmp_path, wrong).startswith("1 months differ")
    assert "not said" in readings.judge(runner, tmp_path, replace(made, codes=frozenset({"RC1"})))
    assert readings.judge(runner, tmp_path, replace(made, refused=True)).startswith("exit 0")
    assert "said of" in readings.judge(runner, tmp_path, replace(made, line=999))


def test_no_alarm_on_clean_panels(runner: Runner, tmp_path: Path) -> None:
    assert [defects._alarm(runner, tmp_path, seed) for seed in range(5)] == [[]] * 5


@pytest.mark.parametrize("command", metamorphic.COMMANDS[:3], ids=" ".join)
@pytest.mark.parametrize("dated", [False, True])
def test_relations_hold(
    dated: bool, command: tuple[str, ...], runner: Runner, tmp_path: Path
) -> None:
    rng = random.Random(f"suite {command}")
    rows = [cells(t) for t in busy_terms(rng)] if dated else metamorphic.random_rows(rng)
    found = list(metamorphic.compared(runner, tmp_path, rows, rng, command))
    assert len(found) >= 10 and not [each for each in found if each[2]]


def test_dated_rows_agree_with_both_oracles() -> None:
    assert [answer for _, answer in truth.dated(4)] == [("equal", "")] * 8


@needs_shared
def test_a_sample_of_the_sweep(runner: Runner, tmp_path: Path) -> None:
    clean = tmp_path / "clean.csv"
    clean.write_text("\n".join(csv_lines(clean_panel(random.Random(1), months=20))) + "\n")
    files = corpus_files(SHARED / "badinput")
    for file, part, line in list(sweep.jobs(files, clean, 10_007)):
        done = runner(*sweep.in_place(line, part, file, tmp_path), cwd=tmp_path)
        assert done.fault() is None, (part, line)


@needs_shared
def test_csv_spectrum_is_equal_to_its_truth() -> None:
    found = dict(truth.spectrum(SHARED / "badinput"))
    assert len(found) == 22
    assert {answer for answer, _ in found.values()} <= {"equal", "refused"}


def test_hostile_names_stay_text(runner: Runner, tmp_path: Path) -> None:
    names = [s for s in injection.OWN if s.strip()][: injection.BATCH]
    found = dict(injection.cells(runner, tmp_path, names))
    assert found and not any(found.values()), found


@pytest.mark.parametrize("name", ["=cmd|'x'!A0", "\x1b[31m", "<b>", "[/]", "\u202e", "a|b`c`"])
def test_hostile_options_stay_text(name: str, runner: Runner, tmp_path: Path) -> None:
    found = list(injection.elsewhere(runner, tmp_path, name))
    assert not [(what, faults) for what, faults in found if faults]


def test_hostile_configs_are_refused(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "panel.csv").write_bytes(hostile.PANEL)
    for what, path, more in hostile.yamls(tmp_path):
        done = runner("nrr", path, *more, cwd=tmp_path)
        assert done.fault({0, 2, 3, 4}) is None, what
        assert done.seconds < hostile.SECONDS, what
    assert not (tmp_path / "hurt").exists()


def test_small_bombs_are_refused(runner: Runner, tmp_path: Path) -> None:
    for what, path, more in hostile.bombs(tmp_path, 2):
        assert runner("nrr", path, *more, cwd=tmp_path).fault({0, 2, 3, 4}) is None, what


def test_a_limit_on_the_size_of_files_leaves_the_old_one(tmp_path: Path) -> None:
    pair = (tmp_path / "a", tmp_path / "b")
    for path in pair:
        path.write_bytes(path.name.encode() * 1000)
    tried, faults = crash.full_disk(tmp_path, pair)
    assert tried > 30 and not faults


def test_killed_writers_leave_whole_files(tmp_path: Path) -> None:
    (tmp_path / "panel.csv").write_bytes(hostile.PANEL)
    pair = (tmp_path / "a.json", tmp_path / "b.json")
    for path in pair:
        path.write_bytes(json.dumps(path.name * 5000).encode())
    assert list(crash.kills(tmp_path, ".json", pair, 3)) == []


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_kept_and_changed_inputs_do_no_harm(target: str, tmp_path: Path) -> None:
    fuzz.whole.folder = str(tmp_path)  # type: ignore[attr-defined]
    rng = random.Random(target)
    kept = [path.read_bytes() for path in sorted(fuzz.KEPT.glob("*"))]
    inputs = [*fuzz.SEEDS, *kept, *(fuzz.changed(rng, list(fuzz.SEEDS)) for _ in range(25))]
    assert [fault for data in inputs if (fault := fuzz.try_one(fuzz.TARGETS[target], data))] == []


def test_only_one_module_writes() -> None:
    """Atomic writes everywhere: no other module opens for writing or writes to a path."""
    writers = {"write_text", "write_bytes", "mkdir", "unlink", "touch"}
    found = []
    for path in (ROOT / "src").rglob("*.py"):
        if path.name == "atomic_files.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            method = isinstance(node.func, ast.Attribute)
            name = node.func.attr if method else getattr(node.func, "id", "")
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            texts += [k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)]
            opens = name == "open" and any(set(str(t)) & set("wax+") for t in texts[-1:])
            if (method and name in writers) or opens:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
    assert found == []
