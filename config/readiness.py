"""Is this installation able to work? Each answer is cheap enough to be asked every few seconds."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from config.heartbeat import broker, heartbeat_age

OLDEST_BEAT = 180


@dataclass(frozen=True)
class Finding:
    """What one check saw."""

    ok: bool
    detail: str | int | None


def readiness() -> dict[str, Finding]:
    """Run every check and return its finding by name."""
    return {name: _guarded(check) for name, check in _CHECKS.items()}


def _guarded(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except (DatabaseError, RedisError, OSError) as error:
        return Finding(ok=False, detail=type(error).__name__)


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(ok=True, detail="answers")


def _broker() -> Finding:
    broker().ping()
    return Finding(ok=True, detail="answers")


def _migrations() -> Finding:
    pending = _pending_migrations()
    return Finding(ok=not pending, detail=pending)


def _beat() -> Finding:
    age = heartbeat_age()
    return Finding(ok=age is not None and age <= OLDEST_BEAT, detail=age)


def _pending_migrations() -> int:
    """Count what `migrate` would do; "nothing" stays true as long as this code runs."""
    if _complete:
        return 0
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not pending:
        _complete.append(True)
    return pending


_complete: list[bool] = []
_CHECKS = {"database": _database, "broker": _broker, "migrations": _migrations, "beat": _beat}
