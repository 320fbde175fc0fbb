"""The locks of closed months: append-only files, written atomically, never overwritten.

A lock is two files: the account-months since the previous lock (Parquet) and a manifest (JSON)
that names it by hash. The manifest is linked into place last, and a link never replaces a file:
a lock exists wholly or not at all, and of two runs at once one wins.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from retcalc.core.atomic_files import create_atomic, make_folder, write_atomic
from retcalc.core.findings import Finding, RetcalcError
from retcalc.core.months import format_month, parse_month

FOLDER = "retcalc-locks"
_PANELS = "[0-9][0-9][0-9][0-9]-[0-9][0-9].panel.*.parquet"
KEY = ("account", "month")


@dataclass(frozen=True, slots=True)
class Lock:
    """One locked month.

    ``panel``: account (id), month (index), mrr (exact decimal text) of every month since the lock
    before; ``corrections``: the same columns, the new amounts of earlier months that were booked
    with this lock. ``manifest`` is the JSON as written.
    """

    month: int
    manifest: dict[str, Any]
    panel: pl.DataFrame
    corrections: pl.DataFrame


def is_lock_folder(folder: Path) -> bool:
    """Tell whether a folder is one of locks, by its name or by what lies in it."""
    return folder.name.casefold() == FOLDER or next(folder.glob(_PANELS), None) is not None


def read_locks(folder: Path) -> list[Lock]:
    """Read every lock in month order; raises RC290 where one is damaged."""
    paths = sorted(folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].json")) if folder.is_dir() else []
    return [_read(path) for path in paths]


def locked_panel(locks: list[Lock]) -> pl.DataFrame:
    """The account-months as they stand locked, booked corrections in place; zero rows left out."""
    if not locks:
        return _frame([])
    panel = pl.concat([lock.panel for lock in locks])
    for lock in locks:
        panel = pl.concat([panel.join(lock.corrections, on=KEY, how="anti"), lock.corrections])
    return panel.filter(pl.col("mrr") != "0").sort(KEY)


def write_lock(folder: Path, lock: Lock) -> None:
    """Write a lock; raises RC291 when the month is locked already."""
    make_folder(str(folder))
    name = format_month(lock.month)
    files = {}
    for part in ("panel", "corrections"):
        data = _parquet(getattr(lock, part))
        digest = hashlib.sha256(data).hexdigest()
        files[part] = {"file": f"{name}.{part}.{digest[:12]}.parquet", "sha256": digest}
        write_atomic(str(folder / files[part]["file"]), data)
    manifest = {**lock.manifest, "files": files}
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    if not create_atomic(str(folder / f"{name}.json"), text.encode()):
        fix = "verify it with retcalc close verify; a lock is never overwritten"
        raise RetcalcError(Finding("RC291", f"{name} is locked already", fix=fix))


def account_months(rows: list[tuple[str, int, str]]) -> pl.DataFrame:
    """Make a panel of locks: account, month, mrr."""
    return _frame(rows).sort(KEY)


def _frame(rows: list[tuple[str, int, str]]) -> pl.DataFrame:
    schema = {"account": pl.String, "month": pl.Int32, "mrr": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def _read(path: Path) -> Lock:
    try:
        manifest = json.loads(path.read_bytes())
        parts = {}
        for part in ("panel", "corrections"):
            named = manifest["files"][part]
            data = (path.parent / Path(named["file"]).name).read_bytes()
            if hashlib.sha256(data).hexdigest() != named["sha256"]:
                raise ValueError(f"{named['file']} is not the file that was locked")
            parts[part] = pl.read_parquet(io.BytesIO(data)).select(_frame([]).columns)
        return Lock(parse_month(manifest["month"]), manifest, **parts)
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        reason = str(error) if isinstance(error, ValueError) else type(error).__name__
        fix = "restore the lock folder from version control"
        finding = Finding("RC290", f"the lock {path} is damaged", value=reason, fix=fix)
        raise RetcalcError(finding) from None
