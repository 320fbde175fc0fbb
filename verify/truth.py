"""Read files whose content is known, and see them equal to the truth or refused.

The truths: csv-spectrum (with CRLF copies), Python's strict csv module on every text table of the
corpus, pyarrow on every Parquet file, and the JSON of the YAML test suite; for dated rows that
overlap, with credits and plans that change, both oracles of the tests, one walked, one in SQL.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from dated import Term, busy_terms, cells, closing_month, paid, plans
from harness import CORPUS, Runner, arguments, corpus_files, csv_lines, finish, scratch

from oracle import sql, walk
from oracle.intervals import month_of
from oracle.panels import month_text
from oracle.rows import MONTH_RATES, check_segments
from retcalc.config.strict_yaml.tree import read_tree
from retcalc.core.findings import RetcalcError
from retcalc.read import FILE, LINE, ReadPlan, ReadRules, read_table
from retcalc.read.text.dialect import recognise
from retcalc.read.text.encoding import to_clean_utf8

# What differs and is accepted, with the reason; the figures count them apart.
_LENIENT = "PyYAML reads what YAML 1.2 forbids; nothing is lost or added"
_QUESTION = "YAML 1.1 takes {?a: b} for the key a; it is an unknown key of a config either way"
_BREAKS = "PyYAML ends a block scalar at the last line that is not blank"
KNOWN = {
    "data/int96_from_spark.parquet": "years above 2262 become 2262: refused where a date is needed",
    **dict.fromkeys(
        (
            f"yaml-test-suite/{name}/in.yaml"
            for name in ("9C9N", "9JBA", "CVW2", "DK95/01", "G5U8", "QB6E", "S98Z", "SU5Z", "YJV2")
        ),
        _LENIENT,
    ),
    **dict.fromkeys(("yaml-test-suite/652Z/in.yaml", "yaml-test-suite/HM87/01/in.yaml"), _QUESTION),
    **dict.fromkeys(
        ("yaml-test-suite/JEF9/02/in.yaml", "yaml-test-suite/L24T/01/in.yaml"), _BREAKS
    ),
}

Answer = tuple[str, str]  # equal, refused or WRONG; and what differs
Rows = list[list[Any]]
TABLES = {".csv", ".tsv", ".txt", ".gz"}


def read(path: Path) -> tuple[list[str], Rows, list[str]]:
    """Read a file with retcalc: header, rows and the codes of its notes."""
    table, notes = read_table([str(path)], ReadRules(allow_empty=True), lambda _: ReadPlan())
    shown = [title for title in table.header if title in table.frame.columns]
    rows = [list(row) for row in table.frame.drop(FILE, LINE).select(shown).rows()]
    return list(table.header), rows, [note.code for note in notes]


def judge(header: list[str], rows: Rows, true_header: list[str], truth: Rows) -> Answer:
    """Compare cell by cell."""
    if header != true_header:
        return "WRONG", f"header {header} not {true_header}"
    if len(rows) != len(truth):
        return "WRONG", f"{len(rows)} rows not {len(truth)}"
    for number, (row, true) in enumerate(zip(rows, truth, strict=True), 1):
        if row != true:
            return "WRONG", f"row {number}: {row} not {true}"
    return "equal", ""


def spectrum(corpus: Path) -> Iterator[tuple[str, Answer]]:
    """csv-spectrum: each CSV with its JSON, as it is and with CRLF."""
    with scratch() as folder:
        for path in sorted(corpus.glob("csv-spectrum/csvs/*.csv")):
            true = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text())
            for ends in ("LF", "CRLF"):
                copy = Path(folder) / f"{path.stem}-{ends}.csv"
                content, end = path.read_bytes(), "\n" if ends == "LF" else "\r\n"
                copy.write_bytes(content.replace(b"\n", end.encode()))
                # Line breaks inside quotes are cells' text and change with the file's.
                cells = [
                    [c.replace("\r\n", "\n").replace("\n", end) for c in row.values()]
                    for row in true
                ]
                yield copy.name, _read_and_judge(copy, list(true[0]), cells)


def _read_and_judge(path: Path, true_header: list[str], truth: Rows) -> Answer:
    try:
        header, rows, _ = read(path)
    except RetcalcError as error:
        return "refused", str(error)
    return judge(header, rows, true_header, truth)


def texts(corpus: Path) -> Iterator[tuple[str, Answer]]:
    """Every text table: Python's strict csv module is the truth where it reads the file."""
    for path in corpus_files(corpus):
        if path.suffix not in TABLES:
            continue
        try:
            header, rows, notes = read(path)
        except RetcalcError as error:
            yield str(path), ("refused", str(error))
            continue
        if path.read_bytes()[:4] != b"PAR1":
            yield str(path), _against_csv(path, header, rows, notes)


def _against_csv(path: Path, header: list[str], rows: Rows, notes: list[str]) -> Answer:
    data = path.read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    clean, _ = to_clean_utf8(data, path.name, None)
    mark = recognise(clean, path.name, lambda _: True, delimiter=None, skip_lines=0).delimiter
    text = data.decode("utf-16" if "RC802" in notes else "utf-8-sig")
    text = text.rstrip("\r\n").removesuffix("\x1a") if "RC809" in notes else text
    if "RC803" in notes:
        text = text.split("\n", 1)[1]
    if "RC805" in notes:
        text = text.replace("\r", "\n")
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        return "WRONG", f"accepted, but Python's csv module refuses it: {error}"
    filled = [row for row in found if "".join(row).strip()]
    true_header, truth = filled[0], filled[1:]
    if "RC870" in notes:
        truth = [row for row in truth if set("".join(row)) != {"-"}]  # the rule under a header
    width = len(header)
    if "RC807" in notes:
        truth = [row[:-1] if len(row) == width + 1 and not row[-1] else row for row in truth]
    if "RC808" in notes:
        true_header = [t if t.strip() else h for h, t in zip(header, true_header, strict=True)]
    return judge(header, rows, true_header, truth)


def parquet(corpus: Path) -> Iterator[tuple[str, Answer]]:
    """Every Parquet file: pyarrow is the truth where it reads the file."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_table as arrow_table

    for path in corpus_files(corpus):
        if path.read_bytes()[:4] != b"PAR1":
            continue
        try:
            header, rows, _ = read(path)
        except RetcalcError as error:
            yield str(path), ("refused", str(error))
            continue
        try:
            table = arrow_table(io.BytesIO(path.read_bytes()))
            cells = [table[title].to_pylist() for title in header]
            truth = [list(row) for row in zip(*cells, strict=True)]
        except (ArrowException, OSError, ValueError, KeyError) as error:
            yield str(path), ("no truth", f"pyarrow refuses it: {str(error)[:120]}")
            continue
        rows, truth = ([[_plain(v) for v in row] for row in each] for each in (rows, truth))
        yield str(path), judge(header, rows, header, truth)


def _plain(value: Any) -> Any:
    """Make equal what is equal: NaN, decimals of other scale, times with and without zone."""
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, Decimal):
        return value.normalize()
    if isinstance(value, (bytes, bytearray)):
        return value.decode()  # columns of other bytes are left out
    if hasattr(value, "isoformat"):
        return value.isoformat()[:19]
    return value


def yaml(corpus: Path) -> Iterator[tuple[str, Answer]]:
    """The YAML test suite: its JSON is the truth; what it marks as an error must be refused."""
    for path in sorted(corpus.glob("yaml-test-suite/**/in.yaml")):
        truth = path.with_name("in.json")
        try:
            tree = read_tree(path.name, path.read_bytes())
        except RetcalcError as error:
            yield str(path), ("refused", str(error))
            continue
        if tree.findings:
            yield str(path), ("refused", str(tree.findings[0].message))
        elif path.with_name("error").exists():
            yield str(path), ("WRONG", f"accepted {tree.data!r}, the suite calls it an error")
        elif truth.exists() and truth.read_text().strip():
            try:
                wanted = _scalars(json.loads(truth.read_text()))
            except json.JSONDecodeError:
                yield str(path), ("no truth", "its JSON holds several documents")
                continue
            same = _scalars(tree.data) == wanted
            yield str(path), ("equal", "") if same else ("WRONG", f"{tree.data!r} not {wanted!r}")
        else:
            yield str(path), ("no truth", "the suite has no JSON for it")


def _scalars(value: Any) -> Any:
    """Write scalars as text: retcalc types them later, by the schema."""
    if isinstance(value, dict):
        return {key: _scalars(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_scalars(each) for each in value]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        number = _number(value)
        return value if number is None else number
    return value if value is None else float(value)


def _number(text: str) -> float | None:
    try:
        return float(int(text, 0)) if text.lower().startswith(("0x", "0o")) else float(text)
    except ValueError:
        return None


def dated(size: int) -> Iterator[tuple[str, Answer]]:
    """Random dated rows: both oracles are the truth of every month, by plan and in total."""
    with scratch() as name, Runner() as run:
        folder = Path(name)
        for seed in range(size):
            rows = busy_terms(random.Random(f"dated {seed}"))
            header = "account_id,start_date,end_date,mrr,plan"
            lines = csv_lines([cells(term) for term in rows], header)
            (folder / "rows.csv").write_text("\n".join(lines) + "\n", "utf-8")
            asked = ("movements", "rows.csv", "--by", "plan", "-f", "json")
            done = run(*asked, "--allow-negative", "--period-end", "exclusive", cwd=folder)
            if done.code:
                yield f"dated {seed}", ("WRONG", done.err.decode()[:300])
            else:
                yield f"dated {seed}", _against_oracles(rows, json.loads(done.out)["rows"])


def _against_oracles(rows: list[Term], answer: list[dict[str, Any]]) -> Answer:
    first, last = min(month_of(term.start) for term in rows), closing_month(rows)
    mrr, held = paid(rows, last), {key: (plan,) for key, plan in plans(rows, last).items()}
    held = {key: held[key] for key in mrr}
    walked = walk.roll_forward(mrr, first, last, segments=held)
    months = range(first, last + 1)
    windows = [sql.Window(0, month - 1, month, walk.Rules("monthly")) for month in months]
    book = sql.Book((0, name, m, minor, *held[name, m]) for (name, m), minor in mrr.items())
    by_month: dict[str, list[dict[str, Any]]] = {}
    for row in answer:
        by_month.setdefault(row["month"], []).append(row)
    if list(by_month) != [month_text(month) for month in months]:
        return "WRONG", f"months {list(by_month)}"
    for month, from_sql in zip(months, book.windows(windows), strict=True):
        if walked[month] != from_sql:
            return "no truth", f"the oracles differ in {month_text(month)}"
        try:
            shown = sorted(by_month[month_text(month)], key=lambda row: not row["segment"])
            check_segments(shown, from_sql, ("plan",), MONTH_RATES)
        except AssertionError as error:
            return "WRONG", f"{month_text(month)}: {error}"
    return "equal", ""


SETS = {"csv-spectrum": spectrum, "texts": texts, "parquet": parquet, "yaml": yaml}


def main() -> int:
    """Read all sets."""
    options = arguments(__doc__, corpus=CORPUS, dated=500)
    csv.field_size_limit(1 << 24)
    failures: list[str] = []
    counts: dict[str, Counter[str]] = {}
    found = {name: make(options.corpus) for name, make in SETS.items()}
    for name, answers in {**found, "dated": dated(options.dated)}.items():
        counts[name] = Counter()
        for path, (judged, what) in answers:
            answer = judged
            if answer == "WRONG" and any(path.endswith(known) for known in KNOWN):
                answer = "known difference"
            counts[name][answer] += 1
            if answer == "WRONG":
                failures.append(f"{name}: {path}: {what[:300]}")
    tried = sum(sum(each.values()) for each in counts.values())
    return finish(tried, failures, sets={n: dict(sorted(c.items())) for n, c in counts.items()})


if __name__ == "__main__":
    sys.exit(main())
