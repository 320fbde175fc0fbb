"""The Typer app: grouped plain help, and the decorator that turns a function into a command."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup
from typer.models import ArgumentInfo

from retcalc import __version__
from retcalc.cli.options import Options

# every command and the module that defines it, in the order of the help
MODULES = {
    "summary": "revenue",
    "nrr": "revenue",
    "grr": "revenue",
    "movements": "revenue",
    "churn": "customers",
    "retention": "customers",
    "cohort": "cohort",
    "tenure": "cohort",
    "survival": "survival",
    "clv": "value",
    "clv-cac": "value",
    "concentration": "cohort",
    "whatif": "value",
    "validate": "trust",
    "compare": "trust",
    "explain": "trust",
    "check": "gates",
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
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


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
    """Let a parameter through as it is where Typer's validators would: they take long to load."""
    process, kind = parameter.process_value, parameter.type_descriptor.annotation
    several = parameter.multiple or parameter.nargs == -1
    words = [str(member) for member in getattr(kind, "__members__", {}).values()]

    def processed(ctx: Any, value: Any) -> Any:
        if value is None and not parameter.required:
            value = () if several else None
        elif kind == list[str] and not isinstance(value, str):
            value = [str(one) for one in value]
        elif value in words:
            value = kind(value)
        elif type(value) is not kind:
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


app = typer.Typer(
    cls=Group,
    name=ROOT,
    help="Exact retention metrics from the exports you already have.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings=_CONTEXT,
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"retcalc {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@cache
def _shared() -> list[inspect.Parameter]:
    hints = get_type_hints(Options, include_extras=True)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return [
        inspect.Parameter(f.name, kind, default=f.default, annotation=hints[f.name])
        for f in fields(Options)
    ]


def _is_argument(parameter: inspect.Parameter) -> bool:
    return any(isinstance(m, ArgumentInfo) for m in get_args(parameter.annotation)[1:])


Answer = Callable[..., Any]


def data_command(
    group: str, example: str, *, parent: str = ROOT, writes: bool = True
) -> Callable[[Answer], Answer]:
    """Register a function ``(options, **own) -> Result`` as a command with the shared options.

    Arguments of its own come before DATA. ``example`` is shown in the help and executed by a test.
    ``writes`` False leaves ``-o`` to the function. ``parent``: the group it belongs to.
    """

    def register(answer: Answer) -> Answer:
        def build() -> Callable[..., int]:
            return _with_shared_options(answer, writes=writes)

        return _enter(answer, build, parent, group, example)

    return register


def plain_command(group: str, example: str) -> Callable[[Answer], Answer]:
    """Register a function that needs none of the shared options."""

    def register(function: Answer) -> Answer:
        return _enter(function, lambda: function, ROOT, group, example)

    return register


def subgroup(name: str, group: str, summary: str) -> None:
    """Register a group of commands of its own, such as ``close``."""

    def build() -> Any:
        typed = typer.Typer(
            cls=Group, name=name, help=summary, rich_markup_mode=None, add_completion=False
        )
        typed.callback(no_args_is_help=True)(lambda: None)
        return typer.main.get_command(typed)

    REGISTRY.setdefault(ROOT, {})[name] = Entry(group, summary, build)


def _enter(
    function: Answer, made: Callable[[], Answer], parent: str, group: str, example: str
) -> Answer:
    name = function.__name__.replace("_", "-")
    summary = (function.__doc__ or "").strip().partition("\n")[0]

    def build() -> Any:
        typed = typer.Typer(rich_markup_mode=None, add_completion=False, context_settings=_CONTEXT)
        typed.command(name, cls=Command, epilog=example)(made())
        return typer.main.get_command(typed)

    REGISTRY.setdefault(parent, {})[name] = Entry(group, summary, build)
    return function


def _with_shared_options(answer: Answer, *, writes: bool) -> Callable[..., int]:
    own = list(inspect.signature(answer, eval_str=True).parameters.values())[1:]

    def run(**given: Any) -> int:
        from retcalc.cli.deliver import run_and_deliver

        mine = {p.name: given.pop(p.name) for p in own}
        return run_and_deliver(lambda o: answer(o, **mine), Options(**given), writes=writes)

    first = [p for p in own if _is_argument(p)]
    parameters = [*first, *_shared()[:1], *(p for p in own if p not in first), *_shared()[1:]]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__doc__ = answer.__doc__
    return run
