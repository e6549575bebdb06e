"""Processes that must not outlive the one that started them."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a child runs before its program, so that its parent's death signals it.

    Linux only. The kernel watches the *thread* that starts the child, so start it from the main
    thread; a change of user forgets the wish, so this runs after it.
    """
    libc, parent = _libc, os.getpid()
    if libc is None:
        return None

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os.kill(os.getpid(), number)

    return tie


def follow_parent() -> None:
    """End this process when `make`, which started it, is killed."""
    if _libc is not None and "MAKELEVEL" in os.environ:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
