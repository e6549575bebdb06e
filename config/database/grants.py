"""Apply `roles.toml`: part of every `migrate`, in development, tests and deployment alike."""

import tomllib
from pathlib import Path

import pghistory.models
from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import errors, sql

ROLES = Path(__file__).with_name("roles.toml")
MISSING_ROLE = (
    "The role {role} is missing and this login may not make roles: "
    "run `CREATE ROLE {role} LOGIN PASSWORD '…'` as an administrator, then migrate again."
)


def apply_grants(*, using: str) -> None:
    """Bring every role of `roles.toml` into force on the database `using`.

    :raises CommandError: if a role is missing and this login may not make it.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for role, rights in tomllib.loads(ROLES.read_text()).items():
            if _ensure_role(cursor, role):
                _set_defaults(cursor, role, rights["settings"])
                _grant(cursor, role, rights)


def _ensure_role(cursor: CursorWrapper, role: str) -> bool:
    """Make the role if it is missing; say whether it is there and differs from who migrates."""
    cursor.execute("SELECT current_user = %s, to_regrole(%s) IS NOT NULL", [role, role])
    is_myself, exists = cursor.fetchone()
    if is_myself or exists:
        return not is_myself
    try:
        with transaction.atomic(using=cursor.db.alias):
            _run(cursor, "CREATE ROLE {} LOGIN", sql.Identifier(role))
            _set_password(cursor, role)
    except DatabaseError as error:
        if isinstance(error.__cause__, errors.InsufficientPrivilege):
            raise CommandError(MISSING_ROLE.format(role=role)) from error
        if not isinstance(error.__cause__, errors.DuplicateObject | errors.UniqueViolation):
            raise  # those two: another migration made the same role at the same moment
    return True


def _set_password(cursor: CursorWrapper, role: str) -> None:
    """Give a new role the password of DATABASE_URL, which leaves this process only as a hash."""
    served = settings.DATABASES["default"]
    if served["USER"] == role and served["PASSWORD"]:
        protocol = cursor.connection.pgconn
        hashed = protocol.encrypt_password(
            served["PASSWORD"].encode(), role.encode(), b"scram-sha-256"
        )
        _run(
            cursor, "ALTER ROLE {} PASSWORD {}", sql.Identifier(role), sql.Literal(hashed.decode())
        )


def _set_defaults(cursor: CursorWrapper, role: str, defaults: dict[str, str]) -> None:
    cursor.execute(
        "SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setdatabase = 0"
        " AND setrole = to_regrole(%s)",
        [role],
    )
    current = dict(row[0].split("=", 1) for row in cursor.fetchall())
    for name, value in defaults.items():
        if current.get(name) != value:
            words = (sql.Identifier(role), sql.Identifier(name), sql.Literal(value))
            _run(cursor, "ALTER ROLE {} SET {} = {}", *words)


def _grant(cursor: CursorWrapper, role: str, rights: dict[str, dict[str, list[str]]]) -> None:
    name = sql.Identifier(role)
    _run(cursor, "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {}", name)
    _run(cursor, "GRANT USAGE ON SCHEMA public TO {}", name)
    for kind, words in (("tables", "ALL TABLES"), ("sequences", "ALL SEQUENCES")):
        everything = sql.SQL(words)
        _run(cursor, "REVOKE ALL ON {} IN SCHEMA public FROM {}", everything, name)
        _give(
            cursor, rights[kind]["others"], sql.SQL("{} IN SCHEMA public").format(everything), name
        )
    for table in history_tables():
        _narrow(cursor, table, rights["tables"]["history"], name)
    for table, privileges in rights["tables"].items():
        if table not in {"history", "others"}:
            _narrow(cursor, table, privileges, name)


def history_tables() -> list[str]:
    """Return the tables that hold the history of other tables."""
    models = apps.get_models(include_auto_created=True)
    return sorted(m._meta.db_table for m in models if issubclass(m, pghistory.models.Event))


def _narrow(cursor: CursorWrapper, table: str, privileges: list[str], role: sql.Identifier) -> None:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
    if cursor.fetchone()[0]:
        target = sql.Identifier(table)
        _run(cursor, "REVOKE ALL ON {} FROM {}", target, role)
        _give(cursor, privileges, target, role)


def _give(
    cursor: CursorWrapper, privileges: list[str], target: sql.Composable, role: sql.Identifier
) -> None:
    what = sql.SQL(", ").join(sql.SQL(word) for word in privileges)
    _run(cursor, "GRANT {} ON {} TO {}", what, target, role)


def _run(cursor: CursorWrapper, statement: str, *parts: sql.Composable) -> None:
    composed = sql.SQL(statement).format(*parts)
    cursor.execute(composed.as_string(cursor.connection))
