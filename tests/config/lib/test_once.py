import pytest

from config.lib.once import OnceMiddleware, once, reading_once


def test_a_request_reads_a_thing_once_and_the_next_one_anew():
    reads = []

    def page(request):
        return [once("zone", lambda: reads.append(1) or len(reads)) for _ in range(3)]

    serve = OnceMiddleware(page)

    assert serve(None) == [1, 1, 1]
    assert serve(None) == [2, 2, 2]


def test_nothing_is_kept_outside_of_requests():
    numbers = iter(range(9))

    assert [once("zone", lambda: next(numbers)) for _ in range(3)] == [0, 1, 2]


def test_a_run_reads_a_thing_once_also_in_what_it_calls_and_the_next_run_anew():
    numbers = iter(range(9))

    @reading_once()
    def call():
        return once("zone", lambda: next(numbers))

    @reading_once()
    def run():
        return [call(), once("zone", lambda: next(numbers)), call()]

    assert run() == [0, 0, 0]
    assert run() == [1, 1, 1]
    assert call() == 2


def test_a_run_that_fails_leaves_nothing_behind():
    numbers = iter(range(9))

    @reading_once()
    def run():
        raise ValueError(once("zone", lambda: next(numbers)))

    with pytest.raises(ValueError, match="0"):
        run()

    assert once("zone", lambda: next(numbers)) == 1
