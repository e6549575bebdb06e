"""Several things at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection, connections, transaction

_WAITING = """
SELECT pg_stat_clear_snapshot(), pg_sleep(0.02), EXISTS (
  SELECT FROM pg_locks WHERE NOT granted AND %s = ANY (pg_blocking_pids(pid)))
"""


def during(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """Do the first; before it is committed let the second run to its end or up to a lock of it.

    Return what the second returned, or the exception it met.
    """
    told: list[object] = []

    def run() -> None:
        try:
            told.append(second())
        except Exception as error:
            told.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        while thread.is_alive() and not _holds_up_another():
            pass
    thread.join()
    return told


def _holds_up_another() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        cursor.execute(_WAITING, cursor.fetchone())
        return bool(cursor.fetchone()[2])


def at_once(calls: Sequence[Callable[[], object]], *, refused: type[Exception]) -> list[str]:
    """Start every call behind one barrier; return `done` or `refused` for each, in no order.

    Any other exception is its name.
    """
    barrier, outcomes = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=30)
            call()
            outcomes.append("done")
        except refused:
            outcomes.append("refused")
        except Exception as error:
            outcomes.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
