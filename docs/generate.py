"""Write the pages that are made from the code: commands, metrics, errors. ``--check`` compares."""

from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).parent


def commands_page() -> str:
    """Every command's help, as it is printed at 80 columns."""
    import typer.main

    from retcalc.cli.commands import app

    group = typer.main.get_command(app)
    parts = ["# Commands\n", "Made from the code by `make docs`.\n"]
    for name, command in group.commands.items():
        context = command.make_context(
            f"retcalc {name}", ["--help"], resilient_parsing=True, terminal_width=80
        )
        parts.append(f"## {name}\n\n```\n{command.get_help(context).strip()}\n```\n")
    return "\n".join(parts)


def metrics_page() -> str:
    """Every metric's docstring."""
    from retcalc.metrics import metric_modules

    parts = [
        "# Metrics\n",
        "Made from the code by `make docs`; each example is executed by a test.\n",
    ]
    for name, module in metric_modules().items():
        parts.append(f"## {name}\n\n```\n{module.__doc__.strip()}\n```\n")
    return "\n".join(parts)


def errors_page() -> str:
    """The catalogue of codes."""
    from retcalc.catalogue import CATALOGUE

    rows = [
        f"| {code} | {kind.status} | {kind.title} | {kind.remedy} |".replace("'", "'")
        for code, kind in sorted(CATALOGUE.items())
    ]
    head = (
        "# Errors and notes\n\nMade from the code by `make docs`. Codes are stable. Status 0 is a note;"
        " with `--strict` every note but RC89x is an error. Each has a reproducer in"
        " [tests/errors](../tests/errors).\n\n| code | status | what | remedy |\n| --- | --- | --- | --- |"
    )
    return "\n".join([head, *rows]) + "\n"


PAGES = {"commands.md": commands_page, "metrics.md": metrics_page, "errors.md": errors_page}


def main() -> int:
    """Write or check every page."""
    check, stale = "--check" in sys.argv, []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if check and (not path.exists() or path.read_text() != text):
            stale.append(name)
        if not check:
            path.write_text(text)
    if stale:
        sys.stderr.write(f"stale: {', '.join(stale)}; run make docs\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
