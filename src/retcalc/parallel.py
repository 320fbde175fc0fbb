"""Things done side by side: what is computed in columns lets go of the interpreter meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_THREADS = 3  # one more than the cores of a small machine, as some steps wait for one thread
Done = TypeVar("Done")
Other = TypeVar("Other")


def each(task: Callable[..., Done], *arguments: Iterable[object]) -> list[Done]:
    """What a task gives for each of its arguments, in their order; raises the first error."""
    with ThreadPoolExecutor(_THREADS) as helpers:
        return list(helpers.map(task, *arguments))


def both(first: Callable[[], Done], second: Callable[[], Other]) -> tuple[Done, Other]:
    """What two tasks give; an error of the first goes before one of the second."""
    with ThreadPoolExecutor(1) as helper:
        meanwhile = helper.submit(second)
        return first(), meanwhile.result()


def one_ahead(tasks: Sequence[Callable[[], Done]]) -> Iterator[Done]:
    """Give what tasks do, in order, while the next one is being done."""
    if len(tasks) == 1:
        yield tasks[0]()
        return
    with ThreadPoolExecutor(1) as helper:
        following = helper.submit(tasks[0])
        for task in tasks[1:]:
            done = following.result()
            following = helper.submit(task)
            yield done
        yield following.result()
