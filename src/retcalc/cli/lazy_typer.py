"""Typer commands that are built only when called, so that every start is quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from typer.core import TyperCommand, TyperGroup

# every command and the module that defines it, in the order of the help
MODULES = {
    "summary": "revenue",
    "nrr": "revenue",
    "grr": "revenue",
    "movements": "revenue",
    "churn": "customers",
    "retention": "customers",
    "win-back": "customers",
    "cohort": "customers",
    "tenure": "customers",
    "survival": "survival",
    "renewals": "customers",
    "clv": "value",
    "clv-cac": "value",
    "concentration": "customers",
    "whatif": "value",
    "forecast": "value",
    "validate": "trust",
    "compare": "trust",
    "explain": "trust",
    "check": "check",
    "close": "close",
    "report": "report",
    "init": "setup",
    "demo": "setup",
    "metrics": "setup",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A command that is built only when it is called: Typer takes its time over each."""

    group: str
    summary: str
    build: Callable[[], Any]


ROOT = "retcalc"


REGISTRY: dict[str, dict[str, Entry]] = {}  # the entries of each group by its name


CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(Mapping[str, Any]):
    """The commands of a group, built when asked for."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries
        self.built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.built:
            self.built[name] = self.entries[name].build()
        return self.built[name]

    def __iter__(self) -> Iterator[str]:
        known = list(MODULES)
        return iter(sorted(self.entries, key=lambda n: known.index(n) if n in known else 0))

    def __len__(self) -> int:
        return len(self.entries)


def _spared(parameter: Any) -> Any:
    """Skip Typer's validators, slow to load, for values that need no conversion."""
    process, kind = parameter.process_value, parameter.type_descriptor.annotation
    several = parameter.multiple or parameter.nargs == -1
    words = get_args(kind)

    def processed(ctx: Any, value: Any) -> Any:
        if value is None and not parameter.required:
            value = () if several else None
        elif kind == list[str] and not isinstance(value, str):
            value = [str(one) for one in value]
        elif value not in words and type(value) is not kind:
            return process(ctx, value)
        return parameter.callback(ctx, parameter, value) if parameter.callback else value

    if "process_value" not in vars(parameter):
        parameter.process_value = processed
    return parameter


class _Quick:
    """Makes a Typer command load its validators only where they are needed."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, without validators where they are not needed."""
        given: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        return [_spared(parameter) for parameter in given]


class Group(_Quick, TyperGroup):
    """Lists its commands by group; the entries come from REGISTRY under the group's name."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Commands(REGISTRY.setdefault(self.name or "", {}))  # type: ignore[assignment]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one section of commands a group."""
        entries: Mapping[str, Entry] = self.commands.entries  # type: ignore[attr-defined]
        for group in dict.fromkeys(entries[name].group for name in self.commands):
            rows = [(n, entries[n].summary) for n in self.commands if entries[n].group == group]
            with formatter.section(group):
                formatter.write_dl(rows)


class Command(_Quick, TyperCommand):
    """Lists the options in their groups and ends with the example, unwrapped."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write one section of options a group; arguments first."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                argument = parameter.param_type_name == "argument"
                panel = getattr(parameter, "rich_help_panel", None)
                title = "Arguments" if argument else panel or "Options"
                sections.setdefault(title, []).append(record)
        for title in sorted(sections, key=lambda t: (t != "Arguments", t != "Options")):
            with formatter.section(title):
                formatter.write_dl(sections[title])

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the example as it is to be typed."""
        if self.epilog:
            formatter.write(f"\nExample:\n  {self.epilog}\n")
