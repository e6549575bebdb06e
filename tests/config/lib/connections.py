"""Work in a thread with a database connection of its own, closed at its end."""

from collections.abc import Callable
from typing import TypeVar

from django.db import connection

R = TypeVar("R")


def in_own_connection(work: Callable[..., R]) -> Callable[..., R]:
    def run(*args: object) -> R:
        try:
            return work(*args)
        finally:
            connection.close()

    return run
