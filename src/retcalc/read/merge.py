"""Puts the tables of several files below one another, and like notes together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from retcalc.core.findings import Finding, RetcalcError, Spot
from retcalc.read.id_codes import CODE
from retcalc.read.text.dialect import FILE, LINE
from retcalc.read.wording import MOST_SPOTS, refuse, shown


def merge_frames(
    frames: Sequence[pl.DataFrame],
    headers: Sequence[Sequence[str]],
    paths: Sequence[str],
    kinds: Sequence[Mapping[str, pl.DataType]],
) -> pl.DataFrame:
    """Join the rows of files with the same columns; raises RetcalcError (RC320, RC321).

    The columns may stand in any order; their types must be the same, except that a column without
    any value goes with every type. ``kinds`` are the types that columns of codes and
    of whole units have in the files.
    """
    for header, path in zip(headers[1:], paths[1:], strict=True):
        if set(header) != set(headers[0]):
            raise _other_columns(headers[0], paths[0], header, path)
    titles = [title for title in frames[0].columns if title != LINE]
    types: dict[str, tuple[pl.DataType, str]] = {}
    for frame, path, coded in zip(frames, paths, kinds, strict=True):
        schema = {**frame.schema, **coded}
        for title in titles:
            kind, seen_in = schema[title], types.get(title, (pl.Null(), path))
            if seen_in[0] == pl.Null:
                types[title] = (kind, path)
            elif kind not in (seen_in[0], pl.Null):
                raise _other_type(title, seen_in, (kind, path))
    placed = [_placed(frame, index, titles, types) for index, frame in enumerate(frames)]
    if len(placed) == 1:
        return placed[0]
    return pl.concat([frame.select(*titles, FILE, LINE) for frame in placed])


def _placed(
    frame: pl.DataFrame,
    index: int,
    titles: Sequence[str],
    types: Mapping[str, tuple[pl.DataType, str]],
) -> pl.DataFrame:
    """The frame with the types of all files, and FILE."""
    schema = frame.schema
    empty = [pl.col(t).cast(types[t][0]) for t in titles if schema[t] == pl.Null]
    # a column of its own: a literal would have all columns copied
    file = pl.repeat(index, frame.height, dtype=pl.UInt16, eager=True).alias(FILE)
    return frame.with_columns(*empty).insert_column(frame.columns.index(LINE), file)


def merge_notes(notes: Sequence[Finding]) -> tuple[Finding, ...]:
    """Say once what several files have in common, with all its places."""
    merged: dict[tuple[str, str], Finding] = {}
    for each in notes:
        key = (each.code, each.message)
        known = merged.get(key)
        merged[key] = (
            replace(known, spots=(*known.spots, *each.spots)[:MOST_SPOTS]) if known else each
        )
    return tuple(merged.values())


def _other_columns(
    header: Sequence[str], path: str, other: Sequence[str], other_path: str
) -> RetcalcError:
    parts = []
    for names, lacking, file in ((header, other, other_path), (other, header, path)):
        missing = [title for title in names if title not in lacking]
        if missing:
            parts.append(f"{file} has no {shown(', '.join(missing))}")
    return RetcalcError(
        Finding(
            "RC320",
            "the files have different columns",
            (Spot(path), Spot(other_path)),
            value="; ".join(parts),
            fix="read files with the same columns together, the others on their own",
        )
    )


def _other_type(
    title: str, one: tuple[pl.DataType, str], other: tuple[pl.DataType, str]
) -> RetcalcError:
    name = title.removeprefix(CODE)
    return refuse(
        "RC321",
        f"the column {name} has another type than in {one[1]}",
        other[1],
        value=f"it is {other[0]} here and {one[0]} there",
        fix="write both files with the same types",
    )
