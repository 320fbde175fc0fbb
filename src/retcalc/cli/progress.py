"""A progress line on standard error for work that takes more than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

DELAY_SECONDS = 1.0


@contextmanager
def progress(*, enabled: bool) -> Iterator[None]:
    """Show a spinner after a second, on a terminal only; nothing is imported before."""
    if not enabled or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_spin, args=(done,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _spin(done: threading.Event) -> None:
    if done.wait(DELAY_SECONDS):
        return
    from rich.console import Console

    with Console(stderr=True).status("retcalc: reading and computing …"):
        done.wait()
