from config.lib.rate_limit import WINDOW_SECONDS, AddressLimiter


def test_each_address_has_its_own_count_and_every_window_starts_afresh():
    limiter = AddressLimiter()

    assert [limiter.allows("192.0.2.1", limit=2, now=10.0) for _ in range(3)] == [True, True, False]
    assert limiter.allows("192.0.2.2", limit=2, now=10.0)
    assert limiter.seconds_left(20.0) == 50
    assert limiter.allows("192.0.2.1", limit=2, now=10.0 + WINDOW_SECONDS)


def test_no_address_is_kept():
    limiter = AddressLimiter()
    limiter.allows("192.0.2.1", limit=2, now=10.0)

    assert "192.0.2.1" not in repr(vars(limiter))
    assert b"192.0.2.1" not in b"".join(limiter._counts)
