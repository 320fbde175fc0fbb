"""demo, init, metrics: the first minutes with retcalc."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from retcalc.cli.app import data_command, plain_command
from retcalc.cli.completion import metric_names
from retcalc.cli.options import Options
from retcalc.core.findings import Finding, RetcalcError, did_you_mean

TOUR = (
    ("summary", "mrr.csv"),
    ("nrr", "mrr.csv", "--by", "plan"),
    ("movements", "mrr.csv", "--window", "6m"),
    ("churn", "mrr.csv", "--customers", "customers.csv", "--by", "channel"),
)


@plain_command("Set-up", "retcalc demo")
def demo(
    folder: Annotated[str, Argument(help="Folder to write; made if missing.")] = "retcalc-demo",
) -> int:
    """Write a small realistic data set and run the tour on it."""
    from retcalc.cli.app import load
    from retcalc.cli.output.demo_data import demo_files
    from retcalc.core.atomic_files import make_folder, write_atomic, write_stdout

    for name, text in demo_files().items():
        if (path := Path(folder) / name).is_file() and path.read_bytes() != text.encode():
            fix = "retcalc demo another-folder"
            raise RetcalcError(Finding("RC161", f"{path} exists", fix=fix))
    make_folder(folder)
    for name, text in demo_files().items():
        write_atomic(str(Path(folder) / name), text.encode())
    write_stdout(f"Wrote {', '.join(demo_files())} to {folder}\n")
    for command, *arguments in TOUR:
        files = [str(Path(folder) / a) if a.endswith(".csv") else a for a in arguments]
        write_stdout(f"\n$ retcalc {' '.join([command, *files])}\n\n")
        sys.stdout.flush()
        status = load([command])(args=[command, *files], standalone_mode=False)
        if status:
            return int(status)
    return 0


@plain_command("Set-up", "retcalc metrics nrr")
def metrics(
    name: Annotated[
        str | None, Argument(help="One metric; all when left out.", autocompletion=metric_names)
    ] = None,
) -> int:
    """The metric dictionary: every definition with its formula and source."""
    from retcalc.core.atomic_files import write_stdout
    from retcalc.metrics import metric_modules

    modules = metric_modules()
    if name is None:
        width = max(map(len, modules))
        lines = [f"{n:<{width}}  {m.METRIC.formula}" for n, m in modules.items()]
        write_stdout("\n".join(lines) + "\n")
        return 0
    if name not in modules:
        hint = did_you_mean(name, modules)
        fix = f"{hint}{'  ' if hint else ''}retcalc metrics  lists all"
        raise RetcalcError(Finding("RC160", f"there is no metric {name!r}", fix=fix))
    metric, text = modules[name].METRIC, (modules[name].__doc__ or "").strip()
    place = (modules[name].__file__ or "").replace("\\", "/").rpartition("/retcalc/")[2]
    write_stdout(f"{metric.name}: {metric.label}\n\n{text}\n\nMade in: src/retcalc/{place}\n")
    return 0


@data_command("Set-up", "retcalc init mrr.csv", writes=False)
def init(
    options: Options,
    force: Annotated[bool, Option("--force", help="Replace an existing retcalc.yaml.")] = False,
) -> int:
    """Look at the files and write a commented retcalc.yaml."""
    from retcalc.answers.init_config import starter_config
    from retcalc.cli.output.targets import OwnFiles, check_targets
    from retcalc.cli.request import load_for, make_request
    from retcalc.core.atomic_files import write_atomic, write_stdout

    path = (options.output or ["retcalc.yaml"])[0]
    if Path(path).exists() and not force:
        raise RetcalcError(
            Finding(
                "RC161", f"{path} exists", fix="--force   replaces it; -o FILE   writes elsewhere"
            )
        )
    config = load_for(options)  # what --force may replace
    own = OwnFiles(written=(path,))
    check_targets(replace(options, output=None), own, replaces=config.path if config else "")
    text = starter_config(make_request(options), Path(path).parent)
    write_atomic(path, text.encode())
    write_stdout(f"Wrote {path}\n")
    return 0
