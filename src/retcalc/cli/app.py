"""The Typer app: grouped plain help, and the decorator that turns a function into a command."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from typing import Annotated, Any, get_args, get_type_hints

import typer
import typer.main
from typer.models import ArgumentInfo

from retcalc import __version__
from retcalc.cli.lazy_typer import CONTEXT, MODULES, REGISTRY, ROOT, Command, Entry, Group
from retcalc.cli.options import Options

app = typer.Typer(
    cls=Group,
    name=ROOT,
    help="Exact retention metrics from the exports you already have.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings=CONTEXT,
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
def _options_of(group: Any) -> list[inspect.Parameter]:
    """The fields of a dataclass of options as parameters of a command."""
    hints = get_type_hints(group, include_extras=True)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return [
        inspect.Parameter(f.name, kind, default=f.default, annotation=hints[f.name])
        for f in fields(group)
    ]


def _is_argument(parameter: inspect.Parameter) -> bool:
    return any(isinstance(m, ArgumentInfo) for m in get_args(parameter.annotation)[1:])


Answer = Callable[..., Any]


def data_command(
    group: str,
    example: str,
    *,
    parent: str = ROOT,
    writes: bool = True,
    own_inputs: tuple[str, ...] = (),
    own_outputs: tuple[str, ...] = (),
) -> Callable[[Answer], Answer]:
    """Register a function ``(options, **own) -> Result`` as a command with the shared options.

    Arguments of its own come before DATA. A parameter that is a dataclass stands for its fields.
    ``example`` is shown in the help and executed by a test. ``writes`` False leaves ``-o`` to the
    function. ``parent``: the group it belongs to. ``own_inputs`` and ``own_outputs`` are those of
    its own parameters that name files.
    """

    def register(answer: Answer) -> Answer:
        def build() -> Callable[..., int]:
            return _with_shared_options(answer, own_inputs, own_outputs, writes=writes)

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
        typed = typer.Typer(rich_markup_mode=None, add_completion=False, context_settings=CONTEXT)
        typed.command(name, cls=Command, epilog=example)(made())
        return typer.main.get_command(typed)

    REGISTRY.setdefault(parent, {})[name] = Entry(group, summary, build)
    return function


def _with_shared_options(
    answer: Answer, inputs: Sequence[str], outputs: Sequence[str], *, writes: bool
) -> Callable[..., int]:
    own: list[inspect.Parameter] = []
    groups: dict[str, Any] = {}
    for parameter in list(inspect.signature(answer, eval_str=True).parameters.values())[1:]:
        is_group = is_dataclass(parameter.annotation)
        if is_group:
            groups[parameter.name] = parameter.annotation
        own += _options_of(parameter.annotation) if is_group else [parameter]

    def run(**given: Any) -> int:
        from retcalc.cli.output.deliver import run_and_deliver
        from retcalc.cli.output.targets import OwnFiles

        mine = {p.name: given.pop(p.name) for p in own}
        files = OwnFiles(_named(mine, inputs), _named(mine, outputs))
        for name, group in groups.items():
            mine[name] = group(**{f.name: mine.pop(f.name) for f in fields(group)})
        return run_and_deliver(lambda o: answer(o, **mine), Options(**given), files, writes=writes)

    first = [p for p in own if _is_argument(p)]
    data, *shared = _options_of(Options)
    parameters = [*first, data, *(p for p in own if p not in first), *shared]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__doc__ = answer.__doc__
    return run


def _named(given: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """The files of these parameters, those of a repeatable one each."""
    values = (given[name] or () for name in names)
    return tuple(f for value in values for f in ((value,) if isinstance(value, str) else value))


def load(arguments: Sequence[str] = ()) -> typer.Typer:
    """Load what a command line needs, everything where that is not plain, and give the app."""
    word = arguments[0] if arguments else ""
    if word == "--version":
        return app
    for module in [MODULES[word]] if word in MODULES else dict.fromkeys(MODULES.values()):
        import_module(f"retcalc.cli.commands.{module}")
    return app


def leaves() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its path, built; those of a group follow its name."""
    yield from _leaves(typer.main.get_command(load()), ())


def _leaves(group: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, (*path, name))
        else:
            yield (*path, name), command
