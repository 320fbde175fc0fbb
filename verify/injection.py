"""Use hostile text as ids, segments, headers, file names, options and config values.

In every format it must come out as text: no formula cell, tag, link, escape code, broken JSON or
broken table.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from harness import CORPUS, Run, Runner, arguments, finish, scratch

BATCH = 40  # strings in one file
OWN = (
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","a")',
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    '=DDE("cmd";"/C calc";"x")',
    "\t=1+1",
    " =1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\u200b=1+1",
    "'=1+1",
    "http://x.example",
    "mailto:a@x.example",
    "file:///etc/passwd",
    "internal:Sheet1!A1",
    "\x1b[31mred",
    "\x1b]8;;http://x.example\x07link\x1b]8;;\x07",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\x07bell",
    "\u202egnp.exe",
    "\u2066iso\u2069",
    "[bold]x[/bold]",
    "[/]",
    "[link=http://x.example]y",
    ":smile:",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><svg onload=alert(1)>",
    "{{7*7}}",
    "{% raw %}",
    "${7*7}",
    "javascript:alert(1)",
    "a|b",
    "a\\|b",
    "`x`",
    "[a](http://x.example)",
    "![a](http://x.example/p.png)",
    "# head",
    "- item",
    "***",
    "a\nb",
    "a\r\nb",
    "\u2028sep",
    "::error file=x::y",
    "##[error]z",
    "@everyone",
    "#123",
    "\\",
    '"',
    '""',
    "'",
    ",",
    ";",
    "../../etc/passwd",
    "%s%n",
    "\ufeffbom",
    "e\u0301",
    "\U000e0041tag",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "x" * 300,
)
_SGR = re.compile(rb"\x1b\[[0-9;]*m")
_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_FORMULA = re.compile(
    r"[\s\x00\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\x00]"
)
_PIPE = re.compile(r"(?<!\\)(?:\\\\)*\|")
_RAW_TAG = re.compile(r"<(?!!-- -->)")
_LINK = re.compile(r"(?<!\\)\]\(|(?<!\\)://|(?<!\\)`")
_LOADS = re.compile(r"url\(|@import|\bsrc=|\bhref=(?![\"']?#)", re.IGNORECASE)


def strings(corpus: Path) -> list[str]:
    """Give all hostile strings: the naughty ones of the corpus and our own."""
    path = corpus / "blns" / "blns.json"
    naughty = json.loads(path.read_text("utf-8")) if path.exists() else []
    found = [s for s in (*naughty, *OWN) if s.strip() and "\0" not in s]
    return list(dict.fromkeys(found))


def plain(text: str) -> str:
    """What retcalc keeps of an id: all but the white space around it."""
    return text.strip(" \t\u00a0\r\n")


def table(names: list[str], header: tuple[str, ...]) -> bytes:
    """Write a CSV with the names as ids and as segments."""
    rng, out = random.Random(5), io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header)
    for month in ("2026-01", "2026-02"):
        for name in names:
            writer.writerow([name, month, f"{rng.randint(10, 99)}.00", name])
    return out.getvalue().encode("utf-8", "surrogatepass")


# One check a format: gives what is wrong in the content; ``names`` must come back as text.
Check = Callable[[bytes, list[str], bytes], Iterator[str]]


def check_json(content: bytes, names: list[str], twin: bytes) -> Iterator[str]:
    """Strict JSON whose texts hold every name."""

    def refuse(word: str) -> None:
        raise ValueError(word)

    data = json.loads(content.decode("utf-8"), parse_constant=refuse)
    texts = {plain(text) for text in _texts(data)}
    yield from (f"JSON lacks {name!r}" for name in names if name not in texts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def check_csv(content: bytes, names: list[str], twin: bytes) -> Iterator[str]:
    """Equal rows, no live formula, every name back once the guard is taken off."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    if len({len(row) for row in rows}) != 1:
        yield "CSV rows differ in width"
    cells = {cell for row in rows for cell in row}
    for cell in cells:
        if _FORMULA.match(cell) and not re.fullmatch(r"-?[0-9.e-]+", cell):
            yield f"CSV formula {cell!r}"
    bare = {cell[1:] if _FORMULA.match(cell[1:]) else cell for cell in cells} | cells
    bare = {plain(cell) for cell in bare}
    yield from (f"CSV lacks {name!r}" for name in names if name not in bare)


def check_md(content: bytes, names: list[str], twin: bytes) -> Iterator[str]:
    """Tables of constant width, nothing interpreted, as many lines as the harmless twin."""
    text = content.decode("utf-8")
    if found := _HIDDEN.search(text):
        yield f"Markdown has {found[0]!r}"
    if _RAW_TAG.search(text):
        yield "Markdown has a tag"
    if found := _LINK.search(text):
        yield f"Markdown has a link or code: {text[found.start() - 20 : found.end() + 20]!r}"
    if _table_lines(text) != _table_lines(twin.decode("utf-8")):
        yield "Markdown has other table lines"
    widths: set[int] = set()
    for line in text.split("\n"):
        if line.startswith("|"):
            widths.add(len(_PIPE.findall(line)))
        elif len(widths) > 1:
            yield f"Markdown table of widths {widths}"
        else:
            widths = set()


def _table_lines(text: str) -> int:
    return sum(line.startswith("|") for line in text.split("\n"))


def check_terminal(content: bytes, names: list[str], twin: bytes) -> Iterator[str]:
    """No control but line breaks and our own colours."""
    text = _SGR.sub(b"", content).decode("utf-8")
    if found := _HIDDEN.search(text):
        yield f"terminal shows {text[max(0, found.start() - 20) : found.end() + 5]!r}"


class _Tags(HTMLParser):
    """Collects tags with the names of their attributes, and the text."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []
        self.text: list[str] = []
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [f"{name}={value}" for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text.append(data)


def check_html(content: bytes, names: list[str], twin: bytes) -> Iterator[str]:
    """No tag and no attribute that a harmless twin has not, and nothing that loads or runs."""
    page, other = _Tags(content), _Tags(twin)
    if odd := set(page.tags) - set(other.tags):
        yield f"HTML has other tags: {sorted(odd)[:3]}"
    if [t for t, _ in page.tags].count("script") != [t for t, _ in other.tags].count("script"):
        yield "HTML has another number of scripts"
    for value in page.values:
        if value.startswith("on") or (_LOADS.search(value) and "http" in value):
            yield f"HTML attribute {value[:80]!r}"
    if "default-src 'none'" not in "".join(page.values):
        yield "HTML has no content security policy"


def check_xlsx(content: bytes, names: list[str], twin: bytes) -> Iterator[str]:
    """No formula that a harmless twin has not, no link out of the workbook."""
    from openpyxl import load_workbook

    book, other = (load_workbook(io.BytesIO(each)) for each in (content, twin))
    formulas = [c.value for s in other for row in s for c in row if c.data_type == "f"]
    known = {word for formula in formulas for word in _words_of(formula)}
    for sheet in book:
        for row in sheet:
            for cell in row:
                if cell.hyperlink and not str(cell.hyperlink.location or "").strip():
                    yield f"workbook link {cell.value!r}"
                if cell.data_type == "f" and not _words_of(cell.value) <= known:
                    yield f"workbook formula {cell.value!r}"


def _words_of(formula: object) -> set[str]:
    """The words of a formula but for its cells: functions, texts, programs."""
    return set(re.findall(r"[A-Za-z_|\"]+", re.sub(r"\$?[A-Z]{1,3}\$?[0-9]+", "", str(formula))))


CHECKS: dict[str, Check] = {
    ".json": check_json,
    ".csv": check_csv,
    ".md": check_md,
    ".html": check_html,
    ".xlsx": check_xlsx,
}


def cells(run: Runner, folder: Path, names: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Names as ids and segments, in every command that shows them and every format."""
    from retcalc.cli.lazy_typer import MODULES
    from retcalc.cli.output.writers import WRITERS

    kept = list({plain(name): name for name in names if plain(name)}.values())
    harmless = [f"name{number:03d}" for number in range(len(kept))]
    header = ("account_id", "month", "mrr", "plan")
    lines: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        (("nrr", "--by", "plan"), tuple(WRITERS)),
        (("concentration",), tuple(WRITERS)),
        (("explain", "nrr"), tuple(WRITERS)),
    ]
    if "report" in MODULES:
        lines.append((("report", "--by", "plan"), (".html", ".xlsx", ".md")))
    for command, endings in lines:
        for file, texts in (("bad.csv", kept), ("twin.csv", harmless)):
            (folder / file).write_bytes(table(texts, header))
        for ending in endings:
            if ending not in CHECKS:
                continue
            out = {f: folder / f"{f}{ending}" for f in ("bad.csv", "twin.csv")}
            done = {f: run(*command, f, "-o", path, cwd=folder) for f, path in out.items()}
            faults = [f for each in done.values() if (f := each.fault({0}))]
            if not faults:
                asked = kept if command[0] in ("nrr", "explain") else []
                content, twin = (path.read_bytes() for path in out.values())
                faults = list(CHECKS[ending](content, _shown(asked), twin))
            yield f"{command[0]} as {ending}", [*faults, *_words(done["bad.csv"])]
        done_table = run(*command[:3], "bad.csv", "-f", "table", cwd=folder)
        if command[0] != "report":
            yield f"{command[0]} as table", _stream_faults(done_table)


def _shown(names: list[str]) -> list[str]:
    return [plain(name) for name in names if max(name) < "\ud800" or max(name) > "\udfff"]


def _words(done: Run) -> list[str]:
    return [f"stderr: {each}" for each in check_terminal(done.err, [], b"")]


def _stream_faults(done: Run, statuses: frozenset[int] = frozenset({0})) -> list[str]:
    fault = done.fault(statuses)
    return [*([fault] if fault else []), *check_terminal(done.out, [], b""), *_words(done)]


def elsewhere(run: Runner, folder: Path, name: str) -> Iterator[tuple[str, list[str]]]:
    """One string as header, file name, option and config value; refused or shown as text."""
    any_status = frozenset({0, 1, 2, 3, 4})
    header = ("account_id", "month", "mrr", name)
    (folder / "head.csv").write_bytes(table(["a", "b"], header))
    for form in ("table", "json", "md", "csv"):
        done = run("nrr", "head.csv", "--by", name, "-f", form, cwd=folder)
        check = {"table": check_terminal}.get(form) or CHECKS[f".{form}"]
        faults = list(check(done.out, [], done.out)) if done.out else []
        fault = done.fault(any_status)
        yield f"header as {form}", [*faults, *_words(done), *([fault] if fault else [])]
    file = folder / name.replace("/", "\u2215")[:60]
    try:
        file.write_bytes(table(["a", "b"], ("account_id", "month", "mrr", "plan")))
    except OSError:
        file = folder / "head.csv"
    for form in ("table", "md"):
        done = run("nrr", file, "--verbose", "-f", form, cwd=folder)
        yield f"file name as {form}", _stream_faults(done, any_status)
    options = ("--where", "--as-of", "--window", "--definition", "--encoding", "--delimiter")
    options += ("--date-format", "--timezone", "--decimal", "--thousands", "--confidence")
    options += ("--expect-total", "--expect-sha256", "--customers", "--config", "--mrr-column")
    for option in (*options, "--no-such"):
        yield (
            option,
            _stream_faults(run("nrr", "head.csv", f"{option}={name}", cwd=folder), any_status),
        )
    for text in (
        name,
        f"definition: {name}",
        f"columns: {{mrr: {json.dumps(name)}}}",
        f"{name}: 1",
    ):
        (folder / "retcalc.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
        done = run("nrr", "head.csv", cwd=folder)
        (folder / "retcalc.yaml").unlink()
        yield "config", _stream_faults(done, any_status)
    file.unlink(missing_ok=True)


def main() -> int:
    """Run all strings in all places."""
    options = arguments(__doc__, corpus=CORPUS, every=1)
    names = strings(options.corpus)
    failures: list[str] = []
    tried = 0
    with scratch() as place, Runner(env={"FORCE_COLOR": "1"}) as run:
        folder = Path(place)
        for start in range(0, len(names), BATCH):
            for what, faults in cells(run, folder, names[start : start + BATCH]):
                tried += 1
                failures += [f"strings {start}… {what}: {each}" for each in faults]
        for name in names[:: options.every]:
            for what, faults in elsewhere(run, folder, name):
                tried += 1
                failures += [f"{name[:40]!r} {what}: {each}" for each in faults]
    return finish(tried, failures, strings=len(names))


if __name__ == "__main__":
    sys.exit(main())
