"""What playbooks add to an account's history: runs that began and ended, tasks that were done."""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from accounts.registry import TimelineSource, timeline
from playbooks.choices import RunOutcome, RunState, TaskOutcome
from playbooks.models import PlaybookRun, Task
from playbooks.models.words import in_reading_language

Rows = QuerySet[Any, dict[str, Any]]
NO_CHIPS = Value([], ArrayField(TextField()))
#: Both languages travel in one column; no text holds this character.
SEPARATOR = "\x1f"


def _both(en: str, ja: str) -> Concat:
    return Concat(en, Value(SEPARATOR), ja, output_field=TextField())


def _in_reading_language(both: str) -> str:
    en, ja = both.split(SEPARATOR)
    return in_reading_language(en=en, ja=ja)


def _runs(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    """Return two events a run, told apart by their tone: it began, it ended."""
    began = PlaybookRun.objects.visible_to(user).started().filter(account=account)
    ended = began.filter(state=RunState.ENDED)
    if before:
        began, ended = began.filter(started_at__lt=before), ended.filter(ended_at__lt=before)
    return _run_rows(began, "began", "started_at").union(
        _run_rows(ended, "ended", "ended_at"), all=True
    )


def _run_rows(runs: Any, event: str, at: str) -> Rows:
    rows: Rows = runs.order_by().values(
        event_source=Value("playbooks", TextField()),
        event_at=F(at),
        event_id=Cast("pk", BigIntegerField()),
        event_title=_both("playbook__name_en", "playbook__name_ja"),
        event_text=Cast("outcome", TextField()),
        event_chips=NO_CHIPS,
        event_tone=Value(event, TextField()),
    )
    return rows


def _done(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    tasks = Task.objects.visible_to(user).filter(account=account, completed_at__isnull=False)
    if before:
        tasks = tasks.filter(completed_at__lt=before)
    rows: Rows = tasks.order_by().values(
        event_source=Value("tasks", TextField()),
        event_at=F("completed_at"),
        event_id=Cast("pk", BigIntegerField()),
        event_title=_both("title_en", "title_ja"),
        event_text=F("notes"),
        event_chips=NO_CHIPS,
        event_tone=Cast("outcome", TextField()),
    )
    return rows


def _say_run(row: dict[str, Any]) -> dict[str, Any]:
    words = {
        "playbook": _in_reading_language(row["event_title"]),
        "outcome": dict(RunOutcome.choices).get(row["event_text"], row["event_text"]),
    }
    if row["event_tone"] == "began":
        title = _("Playbook “%(playbook)s” began") % words
    else:
        title = _("Playbook “%(playbook)s” ended: %(outcome)s") % words
    return {**row, "event_title": title, "event_text": "", "event_tone": ""}


def _say_done(row: dict[str, Any]) -> dict[str, Any]:
    words = {"title": _in_reading_language(row["event_title"])}
    outcome = dict(TaskOutcome.choices).get(row["event_tone"])
    return {
        **row,
        "event_title": _("Task done: %(title)s") % words,
        "event_chips": [outcome] if outcome else [],
        "event_tone": "",
    }


timeline.register("playbooks")(
    TimelineSource("playbooks", gettext_lazy("Playbooks"), "checklist", _runs, _say_run)
)
timeline.register("tasks")(
    TimelineSource("tasks", gettext_lazy("Tasks done"), "check", _done, _say_done)
)
