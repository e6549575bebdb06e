"""When the beat last reached a worker: it proves that beat, broker and worker work together.

Kept in the broker by the broker's own clock, so that every machine means the same time.
"""

from functools import cache

import redis
from django.conf import settings

KEY = "yorisoi:heartbeat"


@cache
def broker() -> "redis.Redis":
    """Return this process's connection to the broker; it gives up after a second."""
    return redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def record_heartbeat() -> None:
    """Note that a worker answers the beat now."""
    broker().set(KEY, _seconds())


def heartbeat_age() -> int | None:
    """Return the seconds since the beat last reached a worker, `None` if it never did.

    :raises redis.exceptions.RedisError: if the broker doesn't answer.
    """
    noted = broker().get(KEY)
    return None if noted is None else max(0, _seconds() - int(noted))


def _seconds() -> int:
    return int(broker().time()[0])
