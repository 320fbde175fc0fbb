"""The Typer app: grouped plain help, and the decorator that turns a function into a command."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup
from typer.models import ArgumentInfo

from retcalc import __version__
from retcalc.cli.options import Options

GROUPS = (
    "Overview",
    "Revenue",
    "Customers",
    "Value",
    "Success",
    "Trust",
    "Gates",
    "Output",
    "Set-up",
)


class Group(TyperGroup):
    """Lists the commands in their groups, in the order they were added."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one section of commands a group."""
        for group in GROUPS:
            rows = [
                (name, command.get_short_help_str(limit=70))
                for name, command in self.commands.items()
                if getattr(command, "rich_help_panel", None) == group
            ]
            if rows:
                with formatter.section(group):
                    formatter.write_dl(rows)


class Command(TyperCommand):
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
    name="retcalc",
    help="Exact retention metrics from the exports you already have.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
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
    group: str,
    example: str,
    *,
    name: str | None = None,
    parent: typer.Typer = app,
    writes: bool = True,
) -> Callable[[Answer], Answer]:
    """Register a function ``(options, **own) -> Result`` as a command with the shared options.

    Arguments of its own come before DATA. ``example`` is shown in the help and executed by a test.
    ``writes`` False leaves ``-o`` to the function.
    """

    def register(answer: Answer) -> Answer:
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
        command = name or answer.__name__.replace("_", "-")
        parent.command(command, cls=Command, epilog=example, rich_help_panel=group)(run)
        return answer

    return register


def plain_command(group: str, example: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Register a function that needs none of the shared options."""

    def register(function: Callable[..., int]) -> Callable[..., int]:
        name = function.__name__.replace("_", "-")
        app.command(name, cls=Command, epilog=example, rich_help_panel=group)(function)
        return function

    return register
