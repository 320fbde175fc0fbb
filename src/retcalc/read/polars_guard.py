"""Keeps Polars' own words from the user: what it can raise, and its panics' direct output."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

# A panic is a BaseException, so that `except Exception` misses it.
POLARS_FAILURES: tuple[type[BaseException], ...] = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    OSError,
    ValueError,
    TypeError,
    OverflowError,
    RuntimeError,
    MemoryError,
)


@contextmanager
def silenced() -> Iterator[None]:
    """Send file descriptor 2 nowhere: a panic writes its backtrace there from Rust."""
    try:
        saved = os.dup(2)
    except OSError:  # standard error is closed
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)
