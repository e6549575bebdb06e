"""What surveys add to an account's history: identified answers, to who may see them."""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account, Contact
from accounts.models.names import NAME_PARTS
from accounts.registry import TimelineSource, timeline
from surveys.models import Response
from surveys.registry import kinds

Rows = QuerySet[Any, dict[str, Any]]


def _answers(*, account: Account, user: Any, before: dt.datetime | None) -> Rows:
    answers = Response.objects.visible_to(user).standing().filter(account=account)
    if before:
        answers = answers.filter(answered_at__lt=before)
    names = [f"contact__{part}" for part in NAME_PARTS]
    facts = [Cast(fact, TextField()) for fact in ("score", *names)]
    return answers.order_by().values(
        event_source=Value("surveys", TextField()),
        event_at=F("answered_at"),
        event_id=Cast("pk", BigIntegerField()),
        event_title=Cast("survey__name", TextField()),
        event_text=F("comment"),
        event_chips=Func(
            *facts,
            function="ARRAY",
            template="%(function)s[%(expressions)s]",
            output_field=ArrayField(TextField()),
        ),
        event_tone=Cast("kind", TextField()),
    )


def _present_answer(row: dict[str, Any]) -> dict[str, Any]:
    score, *names = row["event_chips"]
    person = Contact(**dict(zip(NAME_PARTS, names, strict=True)))
    words = {"person": str(person), "survey": row["event_title"]}
    kind = kinds.get(row["event_tone"])
    return {
        **row,
        "event_title": _("%(person)s answered “%(survey)s”") % words,
        "event_chips": [f"{kind.label} {score}"],
        "event_tone": "",
    }


timeline.register("surveys")(
    TimelineSource(
        "surveys", gettext_lazy("Surveys"), "message-2-question", _answers, _present_answer
    )
)
