"""Put one defect of a known kind at a known place into a clean panel, and see it named.

Every defect must be refused, or noted where that is the contract, and at least 99% must be named
with the exact file, physical line, column, value and a fix. Every kind of export that is easily
read wrongly must be right, or refused with what makes it right. Clean panels must raise nothing.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import dated_readings  # noqa: F401  its kinds register themselves
import panel_readings  # noqa: F401
import word_readings  # noqa: F401
from harness import Run, Runner, arguments, clean_panel, csv_lines, finish, scratch
from readings import CONTAINERS, READINGS, held, judge

ENOUGH = 0.99  # of the defects, named exactly


@dataclass(frozen=True, slots=True)
class Defect:
    """A damaged file and what must be said about it; None and empty are not asked for.

    ``line`` 0 stands for the file as a whole. ``value`` is the raw text of the cell.
    """

    content: bytes
    codes: frozenset[str]
    line: int | None = None
    column: int | None = None
    value: str | None = None
    status: int = 3
    options: tuple[str, ...] = ()
    fix: bool = True
    extra: dict[str, bytes] = field(default_factory=dict)


Lines = list[str]
Maker = Callable[[Lines, random.Random], Defect]
KINDS: dict[str, Maker] = {}


def kind(function: Maker) -> Maker:
    """Register a kind of defect under its function's name."""
    KINDS[function.__name__] = function
    return function


def _text(lines: Lines, end: str = "\n") -> bytes:
    return (end.join(lines) + end).encode()


def _pick(lines: Lines, rng: random.Random) -> int:
    """Choose a data line in the middle; gives its index, the physical line is one more."""
    return rng.randint(2, len(lines) - 2)


def _cell(
    column: int, code: str, *values: str, options: tuple[str, ...] = (), status: int = 3
) -> Maker:
    """Make a kind that replaces one cell."""

    def make(lines: Lines, rng: random.Random) -> Defect:
        at, value = _pick(lines, rng), rng.choice(values)
        cells = lines[at].split(",")
        cells[column - 1] = f'"{value}"' if "," in value else value
        lines[at] = ",".join(cells)
        codes = frozenset(code.split("|"))
        return Defect(_text(lines), codes, at + 1, column, value, status, options)

    return make


KINDS |= {
    "amount_word": _cell(3, "RC214", "ten", "n/a", "-", "x12", "TBD"),
    "amount_thousands": _cell(3, "RC214", "1,234.50", "12,345,678.00"),
    "amount_ambiguous_comma": _cell(3, "RC214", "1,234", "12,500"),
    "amount_decimal_comma": _cell(3, "RC214", "10,50", "1.234,50"),
    "amount_apostrophe": _cell(3, "RC214", "1'234.50", "1 234.50", "1\u00a0234.50"),
    "amount_currency": _cell(3, "RC214", "$10.00", "10.00 EUR", "€10", "USD 10"),
    "amount_percent": _cell(3, "RC214", "10%", "99.5 %"),
    "amount_accounting": _cell(3, "RC214", "(10.00)", "10.00-", "\u221210.00"),
    "amount_scientific": _cell(3, "RC214", "1e3", "1.5E+04", "2E2"),
    "amount_not_finite": _cell(3, "RC214", "NaN", "inf", "-Infinity", "1e400"),
    "amount_programmer": _cell(3, "RC214", "0x10", "1_000", "1..5", ".5"),
    "amount_other_digits": _cell(3, "RC214", "\u0661\u0662", "\uff11\uff12", "\u0967\u0968"),
    "amount_excel_error": _cell(3, "RC214", "#REF!", "#N/A", "#DIV/0!", "#####"),
    "amount_empty": _cell(3, "RC213", ""),
    "amount_blank": _cell(3, "RC213", "  ", "\u00a0"),
    "amount_negative": _cell(3, "RC215", "-10.00", "-0.01"),
    "amount_huge": _cell(3, "RC214|RC217", "99999999999999.00", "9" * 30, "1" + "0" * 18),
    "id_empty": _cell(1, "RC211", ""),
    "id_blank": _cell(1, "RC211", "   ", "\u00a0"),
    "id_total": _cell(1, "RC212", "Total", "Grand Total", "SUM", "Summe", "total général"),
    "date_empty": _cell(2, "RC226", ""),
    "date_impossible": _cell(2, "RC221", "2022-02-30", "2022-13-01", "2023-02-29"),
    "date_word": _cell(2, "RC221", "March", "n/a", "0", "tomorrow"),
    "date_typo_year": _cell(2, "RC221|RC222", "0202-03-31", "2204-03-31", "1022-03-31"),
    "date_two_digit_year": _cell(2, "RC221|RC224", "22-03-31", "31/03/22"),
    "date_other_order": _cell(2, "RC224", "31/03/2022", "03/31/2022", "01/02/2022"),
    "date_serial": _cell(2, "RC224", "44651", "45322"),
    "date_compact": _cell(2, "RC224", "20220331", "202203"),
    "date_zone": _cell(2, "RC224|RC225", "2022-03-31T23:30:00-08:00"),
    "date_long_ago": _cell(2, "RC233", "1990-01-31"),
}


@kind
def amount_quoted_empty(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    lines[at] = lines[at].rpartition(",")[0] + ',""'
    return Defect(_text(lines), frozenset({"RC213"}), at + 1, 3, "")


@kind
def row_short(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    lines[at] = lines[at].rpartition(",")[0]
    return Defect(_text(lines), frozenset({"RC308"}), at + 1)


@kind
def row_long(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    lines[at] += ",extra"
    return Defect(_text(lines), frozenset({"RC307"}), at + 1)


@kind
def row_of_page_text(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    lines.insert(at, rng.choice(("-- page 2 --", "(1204 rows)", "Exported by Acme Billing")))
    return Defect(_text(lines), frozenset({"RC308"}), at + 1)


@kind
def quote_open(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    lines[at] = '"' + lines[at]
    return Defect(_text(lines), frozenset({"RC309"}), at + 1)


@kind
def quote_inside(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    name, rest = lines[at].split(",", 1)
    lines[at] = f'"{name[:3]}"{name[3:]},{rest}'
    return Defect(_text(lines), frozenset({"RC309"}), at + 1)


@kind
def nul_character(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    lines[at] = lines[at].replace("-", "\0", 1)
    return Defect(_text(lines), frozenset({"RC304"}), at + 1)


@kind
def byte_not_utf8(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    lines[at] = lines[at].replace("acc", rng.choice(("Caf\u00e9", "M\u00fcller")), 1)
    content = b"\n".join(each.encode("cp1252") for each in lines) + b"\n"
    return Defect(content, frozenset({"RC303"}), at + 1)


@kind
def lone_return(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    lines[at] = lines[at].replace("-", "\r", 1)
    return Defect(_text(lines), frozenset({"RC306"}), at + 1)


@kind
def header_again(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    lines.insert(at, lines[0])
    return Defect(_text(lines), frozenset({"RC319"}), at + 1)


@kind
def title_above(lines: Lines, rng: random.Random) -> Defect:
    titles = ["Monthly report", "", "# made by hand"][: rng.randint(1, 3)]
    content = _text([*titles, *lines])
    return Defect(content, frozenset({"RC315"}), 1)


@kind
def header_twice(lines: Lines, rng: random.Random) -> Defect:
    lines[:] = [lines[0] + ",mrr", *(f"{each},1.00" for each in lines[1:])]
    return Defect(_text(lines), frozenset({"RC312"}), 1, 3, "mrr")


@kind
def header_tie(lines: Lines, rng: random.Random) -> Defect:
    lines[:] = [lines[0] + ",total_mrr", *(f"{each},1.00" for each in lines[1:])]
    return Defect(_text(lines), frozenset({"RC201"}))


@kind
def header_unknown(lines: Lines, rng: random.Random) -> Defect:
    lines[0] = "account_id,month," + rng.choice(("foo", "blah", "column9"))
    return Defect(_text(lines), frozenset({"RC202"}))


@kind
def duplicate_row(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    name, day, _ = lines[at].split(",")
    lines.insert(at + 1, f"{name},{day},7.00")
    return Defect(_text(lines), frozenset({"RC219"}), at + 1, 1, name)


@kind
def month_missing(lines: Lines, rng: random.Random) -> Defect:
    days = sorted({each.split(",")[1] for each in lines[1:]})
    gone = rng.choice(days[1:-1])
    kept = [lines[0], *(each for each in lines[1:] if each.split(",")[1] != gone)]
    after = next(n for n, each in enumerate(kept, 1) if n > 1 and each.split(",")[1] > gone)
    return Defect(_text(kept), frozenset({"RC233"}), after)


@kind
def currencies_mixed(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    odd = rng.choice(("USD", "GBP", "JPY"))
    rows = [f"{each},{odd if n == at else 'EUR'}" for n, each in enumerate(lines)]
    rows[0] = lines[0] + ",currency"
    return Defect(_text(rows), frozenset({"RC218"}), at + 1 if odd > "EUR" else None, 4, None)


@kind
def file_cut(lines: Lines, rng: random.Random) -> Defect:
    content = _text(lines)[: -rng.randint(1, 3)]
    return Defect(content, frozenset({"RC806"}), len(lines), status=0, fix=False)


@kind
def blank_line(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    lines.insert(at, rng.choice(("", ",,", "  ")))
    return Defect(_text(lines), frozenset({"RC804"}), at + 1, status=0, fix=False)


@kind
def id_padded(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    name, rest = lines[at].split(",", 1)
    value = rng.choice((f" {name}", f"{name} ", f"{name}\u00a0"))
    lines[at] = f"{value},{rest}"
    return Defect(_text(lines), frozenset({"RC833"}), at + 1, 1, value, status=0, fix=False)


@kind
def id_look_alike(lines: Lines, rng: random.Random) -> Defect:
    at = _pick(lines, rng)
    name, rest = lines[at].split(",", 1)
    other = rng.choice((name.upper(), name + "\u200b", name.replace("a", "\uff41", 1)))
    lines.insert(at + 1, f"{other},{rest}")
    return Defect(_text(lines), frozenset({"RC834"}), status=0, fix=False)


@kind
def other_delimiter(lines: Lines, rng: random.Random) -> Defect:
    mark = rng.choice((";", "\t", "|"))
    content = _text([each.replace(",", mark) for each in lines])
    return Defect(content, frozenset({"RC801"}), 1, status=0, fix=False)


@kind
def customer_twice(lines: Lines, rng: random.Random) -> Defect:
    names = sorted({each.split(",")[0] for each in lines[1:]})
    twice = rng.choice(names)
    rows = ["account_id,plan", *(f"{name},Pro" for name in names), f"{twice},Basic"]
    first = names.index(twice) + 2
    extra = {"customers.csv": _text(rows)}
    options = ("--customers", "customers.csv", "--by", "plan")
    codes = frozenset({"RC241"})
    return Defect(_text(lines), codes, first, 1, twice, options=options, extra=extra)


@kind
def customer_missing(lines: Lines, rng: random.Random) -> Defect:
    names = sorted({each.split(",")[0] for each in lines[1:]})
    gone = rng.choice(names)
    rows = ["account_id,plan", *(f"{name},Pro" for name in names if name != gone)]
    extra = {"customers.csv": _text(rows)}
    options = ("--customers", "customers.csv", "--by", "plan")
    codes = frozenset({"RC846"})
    return Defect(_text(lines), codes, status=0, fix=False, options=options, extra=extra)


def examine(run: Runner, folder: Path, defect: Defect) -> tuple[bool, str]:
    """Run one damaged file; gives whether it was detected, and what was not exact."""
    (folder / "panel.csv").write_bytes(defect.content)
    for name, content in defect.extra.items():
        (folder / name).write_bytes(content)
    out = folder / "errors.csv"
    out.unlink(missing_ok=True)
    done = run(
        "nrr", "panel.csv", "-f", "json", "--errors-out", out.name, *defect.options, cwd=folder
    )
    if done.code != defect.status:
        return False, f"exit {done.code}, not {defect.status}: {done.err.decode()[:200]}"
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    named = [row for row in rows if row["code"] in defect.codes]
    if not named:
        return False, f"{sorted(defect.codes)} not among {sorted({r['code'] for r in rows})}"
    return True, _inexact(defect, named, done)


def _inexact(defect: Defect, named: list[dict[str, str]], done: Run) -> str:
    """Say which part of the place is not exact in the best row; empty when all is."""
    file = next((name for name in defect.extra if name in named[0]["file"]), "panel.csv")
    wanted = {
        "file": file if defect.line is not None else None,
        "line": None if defect.line is None else str(defect.line),
        "column": None if defect.column is None else str(defect.column),
        "value": defect.value,
    }
    misses = [
        [
            f"{key} {row[key]!r} not {value!r}"
            for key, value in wanted.items()
            if value is not None and _unguarded(row[key]) != value
        ]
        for row in named
    ]
    least = min(misses, key=len)
    if defect.fix and "\n  fix    " not in done.err.decode():
        least = [*least, "no fix"]
    return "; ".join(least)


def _unguarded(text: str) -> str:
    """Undo the guard of spreadsheet formulas."""
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@\t\r \u2212" else text


def main() -> int:
    """Run all kinds and readings with all seeds, then the clean panels."""
    options = arguments(__doc__, seeds=25, clean=1000)
    missed: list[str] = []
    inexact: list[str] = []
    misread: list[str] = []
    alarms: list[str] = []
    with scratch() as name, Runner() as run:
        folder = Path(name)
        for title, make in KINDS.items():
            for seed in range(options.seeds):
                rng = random.Random(f"{title} {seed}")
                found, miss = examine(run, folder, make(csv_lines(clean_panel(rng)), rng))
                if not found:
                    missed.append(f"{title} seed {seed}: {miss}")
                elif miss:
                    inexact.append(f"{title} seed {seed}: {miss}")
        for title, export in READINGS.items():
            for seed in range(options.seeds):
                made = export(random.Random(f"{title} {seed}"))
                wrong = judge(run, folder, held(made, CONTAINERS[seed % len(CONTAINERS)]))
                misread += [f"{title} seed {seed}: {wrong}"] if wrong else []
        for seed in range(options.clean):
            alarms += _alarm(run, folder, seed)
    tried = len(KINDS) * options.seeds
    exact = (tried - len(missed) - len(inexact)) / tried
    failures = [*missed, *misread, *alarms, *(inexact if exact < ENOUGH else [])]
    return finish(
        tried + len(READINGS) * options.seeds + options.clean,
        failures,
        kinds=len(KINDS),
        missed=len(missed),
        named_exactly=round(exact, 4),
        inexact=inexact[:10],
        readings=len(READINGS),
        misread=len(misread),
        false_alarms=len(alarms),
    )


def _alarm(run: Runner, folder: Path, seed: int) -> list[str]:
    """Say what was said against a clean panel."""
    rng = random.Random(f"clean {seed}")
    rows = clean_panel(rng, rng.randint(3, 30), rng.randint(2, 30))
    (folder / "panel.csv").write_bytes(_text(csv_lines(rows)))
    done = run("nrr", "panel.csv", "-f", "json", "--strict", cwd=folder)
    words = [line for line in done.err.decode().splitlines() if line.startswith("retcalc: ")]
    words = [line for line in words if " RC89" not in line]
    return [f"clean panel {seed}: exit {done.code} {words}"] if done.code or words else []


if __name__ == "__main__":
    sys.exit(main())
