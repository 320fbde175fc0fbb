"""A progress line on standard error for work that takes more than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

DELAY_SECONDS = 1.0
_REDRAW_SECONDS = 0.1


@dataclass(slots=True)
class _Now:
    """What is being done; ``whole`` 0 where nobody knows how much there is."""

    words: str = "reading and computing"
    done: int = 0
    whole: int = 0


_now = _Now()


def say(words: str, done: int = 0, whole: int = 0) -> None:
    """Tell the progress line what is being done: part ``done`` of ``whole``."""
    _now.words, _now.done, _now.whole = words, done, whole


@contextmanager
def progress(*, enabled: bool) -> Iterator[None]:
    """Show a line after a second, on a terminal only; nothing is imported before."""
    if not enabled or not sys.stderr.isatty():
        yield
        return
    say(_Now().words)
    done = threading.Event()
    thread = threading.Thread(target=_show, args=(done,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _show(done: threading.Event) -> None:
    if done.wait(DELAY_SECONDS):
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    console = Console(stderr=True)
    words = TextColumn("retcalc: {task.description} …", markup=False)
    with Progress(SpinnerColumn(), words, BarColumn(), console=console, transient=True) as bar:
        task = bar.add_task(_now.words, total=None)
        while not done.wait(_REDRAW_SECONDS):
            whole = _now.whole or None
            bar.update(task, description=_now.words, total=whole, completed=_now.done)
