"""What surveys know of a person: whom we asked, and what they said with their name on it."""

from django.db.models import BinaryField, F, Func, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.registry import PersonalData, personal_data
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
