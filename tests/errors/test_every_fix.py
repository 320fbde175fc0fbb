"""Every fix that an error prints, pasted as printed: the error is gone.

A fix may print options (appended to the command line; what stands there already is replaced),
lines of the config behind ``in retcalc.yaml``, a whole ``retcalc`` command, or words. Words that
ask for an edit are carried out by `EDITS`; what no paste can mend stands in `NO_PASTE`.
"""

import re
import shlex
from pathlib import Path

import pytest

from errors.cases import ERRORS, NOTES, PANEL, Case
from errors.file_cases import COMMAND_ERRORS, CONFIG_ERRORS, FILE_ERRORS
from errors.fix_edits import BESIDE, EDITS, NEXT, NO_PASTE, WORDS
from errors.shape_cases import SHAPE_ERRORS, SHAPE_NOTES
from helpers import Run, run
from retcalc.core.error_codes import CATALOGUE

CASES: dict[str, Case] = ERRORS | SHAPE_ERRORS | CONFIG_ERRORS | COMMAND_ERRORS | FILE_ERRORS

# An option up to what ends it; one that follows "with", "of" or "out" is only spoken of.
END = r"(?=  |; |,? or |$)"
OPTION = re.compile(rf"(?<!\S)(?<!with )(?<!of )(?<!out )(--?[a-z]\S*(?: .*?)??){END}")
SNIPPET = re.compile(rf"retcalc\.yaml  (\S.*?){END}")
COMMAND = re.compile(rf"(?<!\S)retcalc ([a-z].*?){END}")
SPOKEN = re.compile(r"instead of (--[a-z-]+)")


def lay(folder: Path, case: Case) -> tuple[str, ...]:
    """Write the files of a case; gives its arguments."""
    for name, text in {"data.csv": case.text, **case.others}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return tuple(a.format("data.csv") for a in case.args)


def fixes(code: str, stderr: str) -> list[str]:
    """The fix lines of one code."""
    blocks = stderr.split("retcalc: ")
    ours = [b for b in blocks if b.startswith(f"error {code}: ")]
    return [line[9:] for b in ours for line in b.splitlines() if line.startswith("  fix    ")]


def pastes(fix: str) -> list[tuple[str, str]]:
    """What of a fix can be pasted: (kind, text)."""
    commands = [("command", m) for m in COMMAND.findall(fix)]
    fix = COMMAND.sub("", fix)
    snippets = [("config", m) for m in SNIPPET.findall(fix)]
    return [*commands, *snippets, *(("options", m) for m in OPTION.findall(SNIPPET.sub("", fix)))]


def without(args: tuple[str, ...], options: list[str]) -> list[str]:
    """Arguments without these options and their values."""
    kept: list[str] = []
    after = False
    for arg in args:
        if arg in options:
            after = True
        elif not after:
            kept.append(arg)
        else:
            after = False
    return kept


def paste(folder: Path, args: tuple[str, ...], kind: str, text: str, fix: str) -> Run:
    """Run what was refused again, with a fix pasted."""
    if kind == "command":
        return run(*shlex.split(text), cwd=folder)
    if kind == "config":
        with (folder / "retcalc.yaml").open("a") as config:
            config.write(text + "\n")
        return run(*args, cwd=folder)
    new = shlex.split(text)
    gone = [word for word in new if word.startswith("-")] + SPOKEN.findall(fix)
    return run(*without(args, gone), *new, cwd=folder)


def assert_gone(code: str, done: Run, pasted: str) -> None:
    """This error is gone, and no other but the question that comes next."""
    told = set(re.findall(r"error (RC\d{3}):", done.stderr))
    assert code not in told, f"{pasted}\n{done.stderr}"
    assert told <= {NEXT.get(code)}, f"{pasted}\n{done.stderr}"


def printed(code: str, folder: Path) -> str:
    """The one fix that the case of a code prints."""
    (fix,) = set(fixes(code, run(*lay(folder, CASES[code]), cwd=folder).stderr))
    return fix


@pytest.mark.parametrize("code", sorted(CASES))
def test_what_a_fix_prints_can_be_pasted(code: str, tmp_path: Path) -> None:
    fix = printed(code, tmp_path)
    for number, (kind, text) in enumerate(pastes(fix)):
        folder = tmp_path / f"pasted{number}"
        folder.mkdir()
        args = lay(folder, CASES[code])
        for word, filled in WORDS.get(code, {}).items():
            text = text.replace(word, filled)  # noqa: PLW2901 - the paste, filled in
        for name, content in BESIDE.get(code, {}).items():
            (folder / name).write_text(content)
        assert_gone(code, paste(folder, args, kind, text, fix), text)


@pytest.mark.parametrize("code", EDITS)
def test_an_edit_that_a_fix_asks_for_mends(code: str, tmp_path: Path) -> None:
    for number, (place, old, new) in enumerate(EDITS[code]):
        folder = tmp_path / str(number)
        folder.mkdir()
        args = lay(folder, CASES[code])
        if place in ("args", "name"):
            at = args.index(old)
            args = (*args[:at], *filter(None, [new]), *args[at + 1 :])
        if place == "name":
            (folder / old).rename(folder / new)
        elif place != "args":
            text = (folder / place).read_bytes().decode("latin-1")
            assert old in text
            (folder / place).write_bytes(text.replace(old, new, 1).encode("latin-1"))
        assert_gone(code, run(*args, cwd=folder), f"{old!r} becomes {new!r}")


STARTS = "account,start,amount\n" + "".join(f"a{n},2024-0{n % 2 + 1}-28,5\n" for n in range(60))
STARTS += "c,2034-01-31,5\n"
FAR = {"RC860": Case(STARTS)}
STRICT = {
    c: case for c, case in {**NOTES, **SHAPE_NOTES, **FAR}.items() if not c.startswith("RC89")
}


@pytest.mark.parametrize("code", sorted(STRICT))
def test_what_a_note_prints_can_be_pasted(code: str, tmp_path: Path) -> None:
    """Notes are errors of a strict run; there a pasted fix takes this one away too."""
    case = STRICT[code]
    told = fixes(code, run(*lay(tmp_path, case), "--strict", cwd=tmp_path).stderr)
    assert told
    for number, (kind, text) in enumerate(found for fix in told for found in pastes(fix)):
        folder = tmp_path / str(number)
        folder.mkdir()
        args = (*lay(folder, case), "--strict")
        done = paste(folder, args, kind, text, "")
        assert f"error {code}: " not in done.stderr, done.stderr
        assert "error RC1" not in done.stderr, done.stderr


@pytest.mark.parametrize("code", sorted(CASES))
def test_every_fix_is_tried_or_says_why_not(code: str, tmp_path: Path) -> None:
    assert pastes(printed(code, tmp_path)) or code in EDITS or code in NO_PASTE


def test_every_error_is_tried_or_says_why_not() -> None:
    errors = {code for code, kind in CATALOGUE.items() if kind.status}
    by_hand = {name[-5:].upper() for name in globals() if name.startswith("test_fix_of_rc")}
    assert errors - set(CASES) - by_hand == set(NO_PASTE) - set(CASES)
    assert set(NO_PASTE) <= errors


def locked(folder: Path, month: str, more: str) -> Run:
    """Lock January, then a month of the panel with another text behind it."""
    (folder / "data.csv").write_text(PANEL)
    assert run("close", "lock", "2024-01", "data.csv", cwd=folder).exit_code == 0
    (folder / "data.csv").write_text(PANEL + more)
    return run("close", "lock", month, "data.csv", cwd=folder)


def test_fix_of_rc291(tmp_path: Path) -> None:
    (fix,) = fixes("RC291", locked(tmp_path, "2024-01", "").stderr)
    assert fix == "lock a month after 2024-01"
    assert run("close", "lock", "2024-02", "data.csv", cwd=tmp_path).exit_code == 0


def test_fix_of_rc601(tmp_path: Path) -> None:
    (fix,) = fixes("RC601", locked(tmp_path, "2024-02", "c,2024-01,5\nc,2024-02,5\n").stderr)
    (diff,), options = pastes(fix)[:1], pastes(fix)[1:]
    assert_gone("RC601", paste(tmp_path, (), *diff, fix), fix)
    assert options == [("options", "--as-corrections")]
    again = ("close", "lock", "2024-02", "data.csv")
    assert paste(tmp_path, again, *options[0], fix).exit_code == 0


def workbook(folder: Path, sheets: dict[str, list[list[object]]], merged: str = "") -> str:
    """Write a workbook; ``merged`` cells of its first sheet share an amount."""
    pytest.importorskip("fastexcel")
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(folder / "b.xlsx") as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
                if row[-1] == "=1/0":
                    sheet.write_formula(number, len(row) - 1, "=1/0", None, "#DIV/0!")
        if merged:
            book.worksheets()[0].merge_range(merged, 30)
    return "b.xlsx"


def cells(amount: object = 20) -> list[list[object]]:
    """The good panel as the rows of a sheet, with another last amount."""
    rows = [line.split(",") for line in PANEL.splitlines()]
    whole = [rows[0], *([*row[:2], int(row[2])] for row in rows[1:])]
    return [*whole[:-1], [*whole[-1][:2], amount]]


def test_fix_of_rc331(tmp_path: Path) -> None:
    args = ("nrr", workbook(tmp_path, {"MRR of 2024": cells()}), "--sheet", "Third")
    (fix,) = fixes("RC331", run(*args, cwd=tmp_path).stderr)
    (found,) = pastes(fix)
    assert paste(tmp_path, args, *found, fix).exit_code == 0


def test_fix_of_rc332(tmp_path: Path) -> None:
    """The fix asks for an edit: the formula is corrected."""
    args = ("nrr", workbook(tmp_path, {"MRR": cells("=1/0")}))
    assert fixes("RC332", run(*args, cwd=tmp_path).stderr)
    workbook(tmp_path, {"MRR": cells(20)})
    assert run(*args, cwd=tmp_path).exit_code == 0


def test_fix_of_rc333(tmp_path: Path) -> None:
    """The fix asks for an edit: the merged cells are split."""
    args = ("nrr", workbook(tmp_path, {"MRR": cells()}, merged="C2:C3"))
    assert fixes("RC333", run(*args, cwd=tmp_path).stderr)
    workbook(tmp_path, {"MRR": cells()})
    assert run(*args, cwd=tmp_path).exit_code == 0


def test_fix_of_rc334(tmp_path: Path) -> None:
    args = ("nrr", workbook(tmp_path, {"Our MRR": cells(), 'The "old"': cells(5)}))
    (fix,) = fixes("RC334", run(*args, cwd=tmp_path).stderr)
    assert len(pastes(fix)) == 2
    for found in pastes(fix):
        assert paste(tmp_path, args, *found, fix).exit_code == 0
