"""From figures to docs/benchmarks.md: a table a question, bars, the machine and the versions."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from os import cpu_count
from pathlib import Path

from benchmarks.measure import Figures, over
from benchmarks.tasks import Task

_PACKAGES = ("retcalc", "polars", "duckdb", "pandas", "saas-metrics", "typer", "pydantic")
_BAR = 40  # characters of the longest bar
_HEADER = {
    "labelAnchor": "start",
    "labelOrient": "top",
    "labelFontWeight": "bold",
}
_NOTES, _FLOOR = (Path(__file__).with_name(f"{name}.md") for name in ("notes", "floor"))


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of every program for one question about one file, turn by turn."""

    task: Task
    rows: int
    order: str
    turns: Sequence[Mapping[str, Figures]]

    @property
    def figures(self) -> dict[str, Figures]:
        """Medians over the turns."""
        return over(self.turns)

    def ratio(self, name: str, base: str) -> str:
        """Time of a program to that of another one, with the least and the most of the turns."""
        figures = self.figures
        shown = f"{figures[name].seconds / figures[base].seconds:.2f}"
        if len(self.turns) == 1 or name == base:
            return shown
        each = [turn[name].seconds / turn[base].seconds for turn in self.turns]
        return f"{shown} ({min(each):.2f}–{max(each):.2f})"


def page(
    measured: Sequence[Measured],
    larger: Sequence[Measured],
    starts: Sequence[tuple[str, Figures, str, Figures]],
    command: str,
) -> str:
    """The whole page; ``larger`` are runs of retcalc alone on more rows."""
    parts = ["# Benchmarks", _machine(command), _NOTES.read_text().strip()]
    parts.append("![Time of every program as a ratio](benchmarks.svg)")
    for task, group in groupby(measured, lambda m: m.task):
        parts.append(f"## {task.title}")
        parts += [_table(m) for m in group]
    if starts:
        parts.append(_start_table(starts))
    parts += [_memory([*measured, *larger]), _FLOOR.read_text().strip()]
    return "\n\n".join(part for part in parts if part) + "\n"


def chart(measured: Sequence[Measured]) -> str:
    """An SVG of the ratios at the largest size, retcalc in colour."""
    import vl_convert

    most = max(m.rows for m in measured)
    largest = {m.task.title: m for m in measured if m.rows == most}
    bars = [
        {
            "question": f"{title} (1 is {m.task.base})",
            "program": name,
            "ratio": round(f.seconds / m.figures[m.task.base].seconds, 3),
            "own": name.startswith("retcalc"),
        }
        for title, m in largest.items()
        for name, f in m.figures.items()
    ]
    order = list(dict.fromkeys(bar["question"] for bar in bars))
    ratio = {"field": "ratio", "type": "quantitative", "title": None}
    program = {"field": "program", "type": "nominal", "sort": "x", "title": None}
    shade = {"condition": {"test": "datum.own", "value": "#1f6feb"}, "value": "#c5c9d0"}
    label = {"mark": {"type": "text", "align": "left", "dx": 3}, "encoding": {"text": ratio}}
    spec = {
        "data": {"values": bars},
        "facet": {"row": {"field": "question", "title": None, "header": _HEADER, "sort": order}},
        "spec": {
            "width": 520,
            "height": {"step": 16},
            "encoding": {"x": ratio, "y": program},
            "layer": [{"mark": "bar", "encoding": {"color": shade}}, label],
        },
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
        "config": {"font": "sans-serif", "view": {"stroke": None}},
    }
    svg: str = vl_convert.vegalite_to_svg(spec)
    return svg


def _machine(command: str) -> str:
    memory = ""
    if (info := Path("/proc/meminfo")).exists():
        memory = f", {int(info.read_text().split()[1]) / 2**20:.0f} GiB of memory"
    lines = [
        f"Written by `{command}` on {platform.system()} {platform.machine()}, "
        f"{cpu_count()} cores{memory}, Python {platform.python_version()}.",
        "Versions: " + ", ".join(f"{name} {_version(name)}" for name in _PACKAGES) + ".",
    ]
    return "\n".join(lines)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def _table(measured: Measured) -> str:
    figures = measured.figures
    base = measured.task.base
    longest = max(f.seconds for f in figures.values())
    lines = [
        f"{measured.rows:,} account-months, {measured.order}:",
        "",
        f"| program | seconds | ratio to {base} | peak MB | |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for name, f in sorted(figures.items(), key=lambda item: item[1].seconds):
        bar = "█" * max(1, round(_BAR * f.seconds / longest))
        shown = f"**{name}**" if name.startswith("retcalc") else name
        lines.append(
            f"| {shown} | {f.seconds:.2f} | {measured.ratio(name, base)} "
            f"| {f.peak / 1e6:.0f} | `{bar}` |"
        )
    if measured.task.beside:
        ratio = measured.ratio("retcalc", "retcalc-beside")
        command = measured.task.beside[0]
        lines += ["", f"retcalc-beside is `{command}` without segments; retcalc to it: {ratio}."]
    return "\n".join(lines)


def _start_table(starts: Sequence[tuple[str, Figures, str, Figures]]) -> str:
    lines = ["## Start-up", "", "| command | ms | compared with | ms | ratio |"]
    lines.append("| --- | ---: | --- | ---: | ---: |")
    for title, own, imports, base in starts:
        ratio = own.seconds / base.seconds
        lines.append(
            f"| `retcalc {title}` | {own.seconds * 1000:.0f} | `{imports}` "
            f"| {base.seconds * 1000:.0f} | {ratio:.2f} |"
        )
    return "\n".join(lines)


def _memory(measured: Sequence[Measured]) -> str:
    """Peak memory of the first question, by rows."""
    own = [m for m in measured if m.task is measured[0].task and "retcalc" in m.figures]
    if len(own) < 2:
        return ""
    lines = [
        "## Memory",
        "",
        "| account-months | seconds | peak MB | bytes a row |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for m in own:
        figures = m.figures["retcalc"]
        peak, seconds = figures.peak, figures.seconds
        lines.append(f"| {m.rows:,} | {seconds:.1f} | {peak / 1e6:.0f} | {peak / m.rows:.0f} |")
    return "\n".join(lines)
