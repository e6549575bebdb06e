"""The work of one import: stage, plan, write, and say what came of it."""

import datetime as dt
from typing import Any, BinaryIO

from accounts.choices import Known
from accounts.models import ImportRun, Organisation, Team, User
from accounts.querysets import reach_of
from accounts.registry import importers
from accounts.services.imports.checks import leave_out_what_follows
from accounts.services.imports.defaults import fill_defaults, plan_with_care
from accounts.services.imports.faults import count_failed, first_faults, write_error_file
from accounts.services.imports.preview import keep_changes
from accounts.services.imports.source import Source
from accounts.services.imports.stage import Stage, fill_stage
from accounts.services.imports.turns import wait_for_turn
from config.lib.jobs import report_progress

_OUTCOMES = """
SELECT count(*) FILTER (WHERE p.target_id IS NULL),
       count(*) FILTER (WHERE p.target_id IS NOT NULL AND p.is_changed),
       count(*) FILTER (WHERE p.target_id IS NOT NULL AND NOT p.is_changed)
FROM import_plan p LEFT JOIN (SELECT DISTINCT line FROM import_fault) f ON f.line = p.line
WHERE f.line IS NULL
"""
KEEP = """
DELETE FROM import_plan p WHERE p.target_id IS NOT NULL AND NOT p.is_changed
  OR EXISTS (SELECT FROM import_fault f WHERE f.line = p.line)
"""
#: Reading is taken for the first half of the work; checking and writing are a quarter each.
_READ, _PLANNED, _DONE = 50, 75, 100


def carry_out(run: ImportRun, file: BinaryIO, *, at: dt.datetime) -> dict[str, Any]:
    """Take the file in within the open transaction and return the result to be stored.

    :raises BadImportFile: when nothing of the file can be taken in.
    """
    importer = importers.get(run.kind)
    columns = list(importer.columns())
    source = Source(file, columns, mapping=run.mapping, size=run.size, sheet=run.sheet)
    stage = _open_stage(run, source, at=at, record_kind=importer.record_kind)
    count = fill_stage(
        source.rows_to_take_in(),
        width=len(source.header),
        places=source.match.places,
        columns=columns,
        cleared=source.cleared,
        progress=lambda: _report(run, int(_READ * source.table.share_read)),
    )
    fill_defaults(columns, source.values)
    if stage.is_writing:
        wait_for_turn()
    plan_with_care(
        stage,
        kind=run.kind,
        columns=columns,
        values=source.values,
        is_fill_only=source.is_fill_only,
        plan=importer.plan,
    )
    _report(run, _PLANNED)
    outcome = _outcome(stage)
    if run.is_dry_run:
        outcome |= keep_changes(stage, run.kind)
    if outcome["failed"]:
        _keep_error_file(run, source)
    if stage.is_writing and not (outcome["failed"] and run.is_all_or_nothing):
        stage.run(KEEP)
        stage.run("ANALYZE import_plan (line, target_id, row_id)")
        importer.write(stage)
    elif stage.is_writing:
        outcome |= {"created": 0, "updated": 0}
    _report(run, _DONE)
    return {"rows": count, **outcome, **_understood(source)}


def _open_stage(run: ImportRun, source: Source, *, at: dt.datetime, record_kind: str) -> Stage:
    by = run.job.requested_by
    return Stage(
        at=at,
        day=Organisation.objects.day_of(at),
        is_writing=not run.is_dry_run,
        present=source.present,
        reach=reach_of(by) if by else None,
        record_kind=record_kind,
        default_team=default_team(by),
        importer_id=by.pk if by else None,
        cleared=source.cleared,
        run_id=run.pk,
        preview_id=run.pk if run.is_dry_run else None,
        is_declared=run.known == Known.DECLARED,
        zone=Organisation.objects.zone().key,
    )


def default_team(by: User | None) -> int | None:
    """Return the team of new accounts of which the file names none: the only one there can be."""
    teams = Team.objects.filter(memberships__user=by) if by else Team.objects.all()
    ids = list(teams.values_list("pk", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


def _outcome(stage: Stage) -> dict[str, Any]:
    stage.run("CREATE INDEX ON import_fault (line)")
    leave_out_what_follows(stage)
    created, updated, unchanged = stage.one(_OUTCOMES)
    return {
        "created": created,
        "updated": updated,
        "unchanged": unchanged,
        "failed": count_failed(),
        "errors": first_faults(),
    }


def _understood(source: Source) -> dict[str, Any]:
    places = source.match.places.items()
    return {
        "columns": [[source.header[place], key] for place, key in places],
        "ignored": list(source.match.ignored),
        "encoding": source.table.encoding,
        "sheet": source.table.sheet,
        "sheets": list(source.table.sheets),
    }


def _keep_error_file(run: ImportRun, source: Source) -> None:
    errors = write_error_file(rows=source.every_row(), header=source.header, columns=source.columns)
    run.error_file.save("errors.csv", errors, save=False)
    errors.close()


def _report(run: ImportRun, percent: int) -> None:
    report_progress(run.job, done=percent, total=100)
