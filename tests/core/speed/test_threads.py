"""Things done side by side come back in order, errors too."""

from functools import partial
from threading import Barrier, Lock

import pytest

from retcalc.core.speed import threads
from retcalc.core.speed.threads import map_in_order, prefetched, run_both


def failing(text):
    raise ValueError(text)


def test_map_in_order_keeps_the_order_and_takes_several_arguments():
    assert map_in_order(lambda a, b: a * 10 + b, range(50), range(1, 51)) == [
        a * 11 + 1 for a in range(50)
    ]
    assert map_in_order(str, []) == []


def test_the_first_error_is_raised():
    with pytest.raises(ValueError, match=r"^3$"):
        map_in_order(lambda n: failing(str(n)) if n in (3, 7) else n, range(9))


def test_both_run_at_once():
    meeting = Barrier(2, timeout=10)
    assert sorted(run_both(meeting.wait, meeting.wait)) == [0, 1]
    assert run_both(lambda: "a", lambda: 1) == ("a", 1)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (partial(failing, "first"), partial(failing, "second"), "^first$"),
        (lambda: 1, partial(failing, "second"), "^second$"),
    ],
)
def test_an_error_of_the_first_goes_before_one_of_the_second(first, second, told):
    with pytest.raises(ValueError, match=told):
        run_both(first, second)


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5, 30])
def test_a_few_are_begun_ahead_and_no_more(count):
    begun, lock = [], Lock()

    def task(number):
        with lock:
            begun.append(number)
        return number

    given = []
    for number in prefetched(partial(task, n) for n in range(count)):
        given.append(number)
        assert len(begun) <= number + 1 + threads._THREADS
    assert given == list(range(count))


def test_an_error_comes_in_its_turn():
    tasks = [lambda: 0, lambda: 1, partial(failing, "2"), partial(failing, "3")]
    given = []
    with pytest.raises(ValueError, match=r"^2$"):
        given.extend(prefetched(tasks))
    ahead = prefetched(tasks)
    assert [next(ahead), next(ahead)] == [0, 1]
    with pytest.raises(ValueError, match=r"^2$"):
        next(ahead)
