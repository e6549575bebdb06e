"""How commands ask for a report: in this process, with progress, kept like any other."""

import json
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Job
from config.lib.clock import app_now
from scoring.models import Scorecard, ScorecardVersion, Validation
from scoring.services.validations import newest_version, run_due_validation


def version_called(name: str) -> ScorecardVersion:
    """Return the version `key:number`, or of `key` the newest draft or else the newest.

    :raises CommandError: when there is none.
    """
    key, _, number = name.partition(":")
    scorecard = Scorecard.objects.filter(key=key).first()
    if scorecard is None:
        keys = ", ".join(Scorecard.objects.order_by("key").values_list("key", flat=True))
        raise CommandError(f"There is no scorecard {key!r}; there are: {keys or 'none'}.")
    if not number:
        return newest_version(scorecard)
    wanted = int(number) if number.isdigit() else -1
    version: ScorecardVersion | None = scorecard.versions.filter(number=wanted).first()
    if version is None:
        raise CommandError(f"Scorecard {key} has no version {number!r}.")
    return version


def carry_out(asked: Validation) -> dict[str, Any]:
    """Carry out what was asked for in this process and return its report.

    :raises CommandError: when it failed or was stopped.
    """
    run_due_validation(at=app_now(), only=asked)
    job = Job.objects.get(pk=asked.job_id)
    if job.state != "done":
        raise CommandError(job.error or job.last_error or f"The job is {job.state}.")
    return dict(job.result)


def write_json(command: BaseCommand, report: dict[str, Any]) -> None:
    """Print the report on one line."""
    command.stdout.write(json.dumps(report, ensure_ascii=False))


def write_lines(command: BaseCommand, lines: Iterable[str]) -> None:
    """Print the report as text."""
    for line in lines:
        command.stdout.write(line)
