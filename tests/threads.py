"""Several things at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable, Sequence

from django.db import connections


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
