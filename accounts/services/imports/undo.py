"""Undo of an import, as a job or within a command; says what could not be taken back.

What nobody has touched since goes back to what it was: new records are put away and their ids
freed, changed ones restored, facts retracted and recorded anew, never deleted. What was edited
since stays with everything that belongs to it, and is named; it can be tried again as long as
something is left.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ImportRun, ImportUndo, Job, Organisation, User
from accounts.querysets import reach_of
from accounts.registry import importers, previews
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.imports.bulk import LISTED
from accounts.services.imports.leftovers import counted_on, keep_what_is_left
from accounts.services.imports.runs import LEASE, ImportNotAllowed, may_import
from accounts.services.imports.settled_words import settle_restored
from accounts.services.imports.stage import Stage
from accounts.services.imports.takeback import Table, find_blocked, tables_of, take_back
from accounts.services.imports.turns import wait_for_turn
from config.lib.bells import ring
from config.lib.claims import new_owner
from config.lib.jobs import JobState
from config.lib.problems import Conflict

JOB_KIND = "import_undo"
#: So many rows that were left are named; more are counted.
NAMED = 200

REASONS = {
    "edited": _("edited since"),
    "used": _("something was added to it since"),
    "gone": _("no longer there"),
    "lost": _("its earlier values are no longer known"),
    "foreign": _("you may not change it"),
    "merged": _("its account went into another since"),
    "linked": _("belongs to one that stays"),
}
#: Records of the kind that were put away: copies of what was known had ended before.
_PUT_AWAY = """
SELECT count(*) FROM undo_todo u JOIN {table} t ON t.id = u.id
WHERE u.tab = '{table}' AND u.kind IN ('created', 'recorded') AND t.{end} = %(at)s
"""
#: Parts without a life of their own are deleted.
_DELETED = "SELECT count(*) FROM undo_todo WHERE tab = '{table}' AND kind = 'created'"
_COUNTS = """
SELECT count(*) FILTER (WHERE kind = 'updated' AND tab = %(main)s),
       count(*) FILTER (WHERE kind = 'recorded' AND tab <> %(main)s)
FROM undo_todo
"""
_BLOCKED = "SELECT tab, id, reason FROM undo_blocked WHERE tab = %(tab)s ORDER BY id LIMIT %(most)s"
_ACCOUNTS = (
    "SELECT t.{account} FROM {table} t JOIN undo_todo u ON u.tab = '{table}' AND u.id = t.id"
)
_OF_TERMS = """
SELECT c.account_id FROM accounts_contractterm t
JOIN undo_todo u ON u.tab = 'accounts_contractterm' AND u.id = t.id
JOIN accounts_contract c ON c.id = t.contract_id
"""
_SOME = "SELECT array(SELECT * FROM ({touched}) AS t LIMIT %(most)s)"
_DIRTY = """
INSERT INTO accounts_dirtyaccount (account_id, first_at, since, reason)
SELECT account_id, %(at)s, %(at)s, 'import_undo' FROM ({touched}) AS touched(account_id)
GROUP BY account_id ORDER BY account_id
ON CONFLICT (account_id) DO UPDATE SET since = excluded.since, reason = excluded.reason
"""


class NothingToUndo(Conflict):
    """A preview, an import that is not done, or one that stored nothing."""

    code = "nothing_to_undo"
    title = _("This import has stored nothing that could be taken back.")


class AlreadyUndone(Conflict):
    """The import is being taken back, or nothing of it is left."""

    code = "already_undone"
    title = _("This import was taken back already.")


@dataclass(frozen=True)
class Kept:
    """A record that stays as it is, and why."""

    record: str
    reason: str

    @property
    def words(self) -> str:
        """Return the reason in the language of whoever reads it."""
        return str(REASONS[self.reason])


@transaction.atomic
def open_undo(*, run: ImportRun, at: dt.datetime, by: User | None = None) -> ImportUndo:
    """Queue the undo of an import.

    :raises AlreadyUndone: while it is being taken back, and when nothing of it is left.
    :raises NothingToUndo: for a preview, and for what has stored nothing.
    :raises ImportNotAllowed: for a user who may change no record of the kind.
    """
    undo = _make_undo(run, by=by, at=at)
    ring("import.queued")
    return undo


def undo_here(*, run: ImportRun, at: dt.datetime, by: User | None = None) -> ImportUndo:
    """Take the import back within this process, for a command.

    :raises AlreadyUndone: while it is being taken back, and when nothing of it is left.
    :raises NothingToUndo: for a preview, and for what has stored nothing.
    """
    owner = new_owner()
    with transaction.atomic():
        undo = _make_undo(run, by=by, at=at)
        job = undo.job
        job.state, job.leased_by, job.attempts = JobState.RUNNING, owner, 1
        job.leased_until = at + LEASE
        job.save()
    try:
        _carry_out(undo, owner=owner, at=at)
    except Exception as error:
        Job.objects.give_up(job, owner=owner, error=error, at=at)
        raise
    undo.job.refresh_from_db()
    return undo


def run_due_undo(*, at: dt.datetime) -> int:
    """Take up the oldest undo that is due and carry it out; return how many were taken up."""
    owner = new_owner()
    jobs = Job.objects.filter(kind=JOB_KIND).claim(limit=1, lease=LEASE, owner=owner, at=at)
    for job in jobs:
        with Job.objects.attempt(job, owner=owner, at=at):
            undo = ImportUndo.objects.select_related("run").get(job=job)
            undo.job = job
            _carry_out(undo, owner=owner, at=at)
    return len(jobs)


def _make_undo(run: ImportRun, *, by: User | None, at: dt.datetime) -> ImportUndo:
    locked: ImportRun = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if by is not None and not may_import(by, locked.kind):
        raise ImportNotAllowed
    earlier = ImportUndo.objects.filter(run=locked).select_related("job").first()
    if earlier is not None and not may_try_again(earlier):
        raise AlreadyUndone
    if not locked.effects.exists():
        raise NothingToUndo
    ImportUndo.objects.filter(run=locked).delete()
    job = Job.objects.create(
        kind=JOB_KIND,
        requested_by=by,
        language=run.job.language,
        due_at=at,
        created_at=at,
        result=earlier.job.result if earlier else {},
    )
    return ImportUndo.objects.create(run=locked, job=job)


def may_try_again(undo: ImportUndo) -> bool:
    """Say whether taking it back failed, or left something that may go back later."""
    is_partial = undo.job.state == JobState.DONE and undo.job.result.get("left", 0) > 0
    return is_partial or undo.job.state == JobState.FAILED


def _carry_out(undo: ImportUndo, *, owner: str, at: dt.datetime) -> None:
    """Do it all in one transaction: what was found untouched is locked until it is taken back."""
    by, run = undo.job.requested_by, undo.run
    with transaction.atomic(), pghistory.context(user=by.pk if by else None, import_undo=run.pk):
        stage = Stage(
            at=at,
            day=Organisation.objects.day_of(at),
            is_writing=True,
            present=frozenset(),
            reach=reach_of(by) if by else None,
            record_kind=importers.get(run.kind).record_kind,
            importer_id=by.pk if by else None,
            parameters={
                "undone": run.pk,
                "context": run.history_context,
                "imported": run.job.done_at,
            },
        )
        wait_for_turn()
        tables = tables_of(run)
        find_blocked(stage, tables)
        take_back(stage, tables)
        settle_restored(stage)
        result = _result(stage, tables, kind=previews.get(run.kind).table)
        result = counted_on(result, undo.job.result) | {"left": keep_what_is_left(stage)}
        _bring_in_step(stage, tables)
        Job.objects.complete(undo.job, owner=owner, at=at, result=result)


def _bring_in_step(stage: Stage, tables: list[Table]) -> None:
    """Bring figures of contracts in step and have health computed again."""
    parts = [
        _ACCOUNTS.format(account=table.account, table=table.name)
        for table in tables
        if table.account
    ]
    parts += [_OF_TERMS for table in tables if table.name == "accounts_contractterm"]
    if not parts:
        return
    touched = " UNION ".join(parts)
    (ids,) = stage.one(_SOME.format(touched=touched), most=LISTED + 1)
    if ids:
        refresh_contract_figures(at=stage.at, account_ids=ids if len(ids) <= LISTED else None)
        stage.run(_DIRTY.format(touched=touched))
        ring("account.dirty")


def _result(stage: Stage, tables: list[Table], *, kind: str) -> dict[str, Any]:
    """Return what was taken back and what stays; records are named before facts about them.

    :param kind: the table the rows of the file are about.
    """
    main = next((table for table in tables if table.name == kind), tables[0])
    ends = [name for name in ("archived_at", "retracted_at") if name in main.columns]
    put_away = _PUT_AWAY.format(table=main.name, end=ends[0]) if ends else None
    (created,) = stage.one(put_away or _DELETED.format(table=main.name))
    updated, recorded = stage.one(_COUNTS, main=main.name)
    kept: list[dict[str, str]] = []
    counts = dict(stage.all("SELECT tab, count(*) FROM undo_blocked GROUP BY tab"))
    of_records = [table for table in tables if table.name in counts and not table.is_fact]
    for table in of_records or [table for table in tables if table.name in counts]:
        rows = stage.all(_BLOCKED, tab=table.name, most=NAMED - len(kept))
        found = table.model._base_manager.in_bulk([pk for _tab, pk, _reason in rows])
        kept += [
            {"record": _name(found.get(pk), pk), "reason": reason} for _tab, pk, reason in rows
        ]
    return {
        "created": created,
        "updated": updated,
        "recorded": recorded,
        "kept": kept,
        "kept_count": sum(counts[table.name] for table in of_records) or sum(counts.values()),
    }


def _name(record: Any, pk: int) -> str:
    if record is None:
        return str(pk)
    own_id = getattr(record, "external_id", None)
    return f"{record} ({own_id})" if own_id and own_id != str(record) else str(record)


def kept_of(undo: ImportUndo) -> list[Kept]:
    """Return the records that stayed, as far as they are named."""
    return [Kept(**row) for row in undo.job.result.get("kept", ())]


def reasons_of(undo: ImportUndo) -> list[str]:
    """Return why records stayed, each reason once, in the language of whoever reads it."""
    return list(dict.fromkeys(row.words for row in kept_of(undo)))
