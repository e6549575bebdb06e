from config.lib.once import OnceMiddleware, once


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
