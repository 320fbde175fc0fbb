"""Things done side by side: what is computed in columns lets go of the interpreter meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_THREADS = 3  # one more than the cores of a small machine, as some steps wait for one thread
Done = TypeVar("Done")
Other = TypeVar("Other")


def each(task: Callable[..., Done], *arguments: Iterable[object]) -> list[Done]:
    """What a task gives for each of its arguments, in their order; raises the first error."""
    with ThreadPoolExecutor(_THREADS) as helpers:
        return list(helpers.map(task, *arguments))


def meanwhile(task: Callable[[], Done]) -> Future[Done]:
    """Begin a task; its result is waited for when it is asked for."""
    helper = ThreadPoolExecutor(1)
    begun = helper.submit(task)
    helper.shutdown(wait=False)
    return begun


def both(first: Callable[[], Done], second: Callable[[], Other]) -> tuple[Done, Other]:
    """What two tasks give; an error of the first goes before one of the second."""
    begun = meanwhile(second)
    return first(), begun.result()


def some_ahead(tasks: Iterable[Callable[[], Done]]) -> Iterator[Done]:
    """Give what tasks do, in order, while the next few are being done."""
    begun: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(_THREADS) as helpers:
        for task in tasks:
            begun.append(helpers.submit(task))
            if len(begun) > _THREADS:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
