"""Everything of the organisation as a ZIP: nobody stays because their data can't leave.

`import/` holds the customer record as the kinds of imports read it, the files in the order in
which they are taken in (`import_order` of the manifest). `tables/` holds every table of
the product and `history/` every history, column for column under stable names. Secrets never
leave: no password, no digest, no keyed hash, no link, no raw body. `manifest.json` says of every
file how many rows it has and its SHA-256.

All files are one moment of the data, copied by the database itself in flat memory.
"""

import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

import pghistory.models
from django.apps import apps
from django.db import connection, models, transaction
from psycopg import sql

from accounts.domain.inert_text import FORMULA
from accounts.registry import Takeout, takeouts

APPS = ("accounts", "surveys", "scoring", "playbooks")
#: Work in progress, keys of repeats, what follows from other tables, and links that open
#: something: of no use elsewhere.
LEFT_OUT = {
    "accounts.accounttouch",
    "accounts.dirtyaccount",
    "accounts.export",
    "accounts.idempotencykey",
    "accounts.importchange",
    "accounts.importeffect",
    "accounts.scheduleslot",
    "accounts.suppression",
    "scoring.eventseen",
    "scoring.healthshard",
    "scoring.ingestbatch",
    "surveys.invitationtoken",
}
SECRET = {"password", "search_text", "name_key", "prefix", "leased_by"}
#: The numbers PostgreSQL gives to text and varchar.
_TEXTS = {25, 1043}
_COPY = "COPY ({}) TO STDOUT WITH (FORMAT csv, HEADER true)"
#: `accounts.domain.inert_text.make_inert`, as PostgreSQL does it.
_INERT = sql.SQL("CASE WHEN {0} ~ {1} THEN '''' || {0} ELSE {0} END AS {0}")
_FORMULA = sql.Literal(FORMULA.replace("\0", "\x01"))


@dataclass(frozen=True)
class Part:
    """One file of the archive and the statement whose rows it holds."""

    path: str
    statement: sql.Composed


def write_everything(
    spool: IO[bytes], *, at: dt.datetime, progress: Callable[[int, int], None]
) -> int:
    """Write the archive and return how many rows it holds."""
    files: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as packed, _moment():
        parts = list(_parts())
        for done, part in enumerate(parts):
            progress(done, len(parts))
            files[part.path] = _write(packed, part)
        manifest = {
            "product": "Yorisoi",
            "format": 1,
            "made_at": at.isoformat(),
            "import_order": [[path, takeout.kind] for path, takeout in _takeouts()],
            "files": files,
        }
        packed.writestr("manifest.json", json.dumps(manifest, indent=1))
    return sum(file["rows"] for file in files.values())


class _moment(transaction.Atomic):  # noqa: N801
    """A transaction that sees one moment, whatever is written meanwhile."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __enter__(self) -> None:
        is_outermost = not connection.in_atomic_block
        super().__enter__()
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _parts() -> Iterator[Part]:
    for path, takeout in _takeouts():
        yield Part(path, _inert(sql.SQL(takeout.statement())))
    for model in _models():
        is_history = issubclass(model, pghistory.models.Event)
        folder = "history" if is_history else "tables"
        name = f"{model._meta.app_label}.{model._meta.model_name}"
        yield Part(f"{folder}/{name}.csv", _inert(_whole(model)))


def _takeouts() -> list[tuple[str, Takeout]]:
    """Return (path, file) of what imports read, in the order in which they take it in."""
    members = sorted(takeouts.items(), key=lambda pair: pair[1].order)
    return [(f"import/{name}.csv", takeout) for name, takeout in members]


def _models() -> list[Any]:
    every = [
        model
        for label in APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(every, key=lambda model: str(model._meta.label_lower))


def _whole(model: Any) -> sql.Composed:
    """Return every row of a table, without secrets and bytes."""
    columns = [
        sql.Identifier(column.column)
        for column in model._meta.concrete_fields
        if column.name not in SECRET and not isinstance(column, models.BinaryField)
    ]
    return sql.SQL("SELECT {} FROM {}").format(
        sql.SQL(", ").join(columns), sql.Identifier(model._meta.db_table)
    )


def _inert(statement: sql.Composable) -> sql.Composed:
    """Return the same rows with every text made inert for spreadsheets."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT * FROM ({}) part LIMIT 0")
            .format(statement)
            .as_string(cursor.connection)
        )
        texts = {column.name: column.type_code in _TEXTS for column in cursor.description}
    shown = [
        _INERT.format(sql.Identifier(name), _FORMULA) if is_text else sql.Identifier(name)
        for name, is_text in texts.items()
    ]
    return sql.SQL("SELECT {} FROM ({}) part").format(sql.SQL(", ").join(shown), statement)


def _write(packed: zipfile.ZipFile, part: Part) -> dict[str, Any]:
    """Copy one part into the archive and return what the manifest says of it."""
    digest = hashlib.sha256()
    with (
        connection.cursor() as cursor,
        packed.open(part.path, "w", force_zip64=True) as file,
    ):
        statement = sql.SQL(_COPY).format(part.statement).as_string(cursor.connection)
        with cursor.copy(statement) as copy:
            for chunk in copy:
                digest.update(chunk)
                file.write(chunk)
        return {"rows": cursor.rowcount, "sha256": digest.hexdigest()}
