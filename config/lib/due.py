"""What can be due, so that one process can do it all: `manage.py run_due` and tests.

In service the same work is done by Celery tasks that answer bells. An app registers beside them,
in its `tasks.py`, one function a kind of work.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable

from config.lib.registry import Registry

#: Does what is due at an instant and returns how many pieces it did; 0 means nothing is left.
DueWork = Callable[[dt.datetime], int]

due_work: Registry[DueWork] = Registry("due work")

#: Work makes work (events → scores → tasks → mails); more rounds than this is a loop.
MOST_ROUNDS = 50


class NeverDone(RuntimeError):
    """Something keeps finding work: a loop, or a count that does not tell the truth."""


def do_due_work(*, clock: Callable[[], dt.datetime]) -> Counter[str]:
    """Do everything that is due, round after round until a round finds nothing, and count it.

    :param clock: read before each kind of work, as work that follows must see what came before.
    :raises NeverDone: when there is no end after many rounds.
    """
    counts: Counter[str] = Counter(dict.fromkeys(due_work, 0))
    for _ in range(MOST_ROUNDS):
        done = {kind: work(clock()) for kind, work in due_work.items()}
        counts.update(done)
        if not any(done.values()):
            return counts
    busy = ", ".join(kind for kind, count in done.items() if count)
    raise NeverDone(f"still work after {MOST_ROUNDS} rounds: {busy}")
