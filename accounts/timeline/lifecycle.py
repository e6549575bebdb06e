"""What became of an account: changes of status and phase, and who of us looked after it."""

import datetime as dt
from typing import Any

from django.db.models import CharField, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import AccountRoleKind, AccountStatus, Phase
from accounts.models import Account, AccountPhaseFact, AccountRole, AccountStatusFact
from accounts.models.names import NAME_PARTS, person_name
from accounts.registry import TimelineSource, timeline
from accounts.timeline.days import Rows, on_day, texts

WORDS = {"status": dict(AccountStatus.choices), "phase": dict(Phase.choices)}


def _changes(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    """Return each status and phase that followed another one."""
    status = _followed(AccountStatusFact, "status", account, before)
    phase = _followed(AccountPhaseFact, "phase", account, before)
    return status.union(phase, all=True)


def _followed(model: Any, column: str, account: Account, before: dt.datetime | None) -> Rows:
    facts = model.objects.filter(account=account).current()
    earlier = model.objects.filter(account=OuterRef("account"), starts_on__lt=OuterRef("starts_on"))
    last = earlier.current().order_by("-starts_on", "-pk").values(column)[:1]
    changed = facts.annotate(was=Subquery(last, output_field=CharField()))
    return on_day(
        changed.filter(was__isnull=False).exclude(**{column: ""}),
        "lifecycle",
        "starts_on",
        before,
        title=Cast("was", TextField()),
        text=Cast(column, TextField()),
        tone=Value(column, TextField()),
    )


def _present_change(row: dict[str, Any]) -> dict[str, Any]:
    words = WORDS[row["event_tone"]]
    told = {
        "before": words.get(row["event_title"], row["event_title"]),
        "after": words.get(row["event_text"], row["event_text"]),
    }
    title = (
        _("Status: %(before)s → %(after)s")
        if row["event_tone"] == "status"
        else _("Phase: %(before)s → %(after)s")
    ) % told
    return {**row, "event_title": title, "event_text": "", "event_tone": ""}


def _handovers(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    roles: Any = AccountRole.objects.filter(account=account)
    return on_day(
        roles.current(),
        "roles",
        "starts_on",
        before,
        title=Cast("role", TextField()),
        chips=texts(*(f"user__{part}" for part in NAME_PARTS)),
    )


def _present_handover(row: dict[str, Any]) -> dict[str, Any]:
    words = {
        "role": dict(AccountRoleKind.choices)[row["event_title"]],
        "person": person_name(*row["event_chips"]),
    }
    return {**row, "event_title": _("%(role)s: %(person)s") % words, "event_chips": []}


timeline.register("lifecycle")(
    TimelineSource(
        "lifecycle", gettext_lazy("Status and phase"), "refresh", _changes, _present_change
    )
)
timeline.register("roles")(
    TimelineSource("roles", gettext_lazy("Our side"), "users", _handovers, _present_handover)
)
