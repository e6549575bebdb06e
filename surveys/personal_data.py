"""What surveys know of a person: whom we asked, and what they said with their name on it."""

import datetime as dt
from typing import Any

from django.db.models import (
    BinaryField,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.registry import PersonalData, Retention, deletes, personal_data, retentions
from surveys.models import Invitation, InvitationToken, Response


class _Digest(Func):
    """A value no address hashes to, another one for each row: the unique key stays one."""

    function = "sha256"
    template = "%(function)s(convert_to(%(expressions)s, 'UTF8'))"
    output_field = BinaryField()


personal_data.register("survey_answers")(
    PersonalData(
        _("Answers with their name"),
        lambda person: Response.objects.filter(contact__in=person.contacts),
        ("account__name", "survey__name", "answered_at", "score", "csat", "comment"),
        blanks={"comment": ""},
    )
)
personal_data.register("survey_links")(
    PersonalData(
        _("Survey links"),
        lambda person: InvitationToken.objects.filter(invitation__contact__in=person.contacts),
        ("scope", "expires_at"),
        forgets=True,
    )
)
personal_data.register("survey_invitations")(
    PersonalData(
        _("Survey invitations"),
        lambda person: Invitation.objects.filter(contact__in=person.contacts),
        ("account__name", "wave__survey__name", "invited_on"),
        blanks={"person_key": _Digest(Cast(F("pk"), TextField()))},
    )
)


class _Months(Func):
    function = "make_interval"
    template = "%(function)s(months => (%(expressions)s)::int)"
    output_field = DurationField()


def _answers(before: dt.datetime) -> QuerySet[Any]:
    kept = ExpressionWrapper(
        Value(before) - _Months(F("survey__retention_months")), output_field=DateTimeField()
    )
    return Response.objects.filter(answered_at__lt=kept)


retentions.register("survey_answers")(
    Retention(
        "survey_answers",
        _("Identified survey answers"),
        _("Answers are kept as long as each survey promises, then they go with their comments."),
        days=0,
        at_least=0,
        is_promised=True,
        count=lambda before: _answers(before).count(),
        purge=deletes(_answers),
    )
)
