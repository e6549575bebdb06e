"""What surveys show on the pages of accounts and contacts: NPS and the latest answers."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.models import Account, Contact
from accounts.querysets import reach_of
from accounts.registry import contact_panels, panels
from surveys.models import Response, Wave
from surveys.selectors import account_nps

SHOWN = 3


class SurveysPanel:
    """NPS of the last 12 months with its interval, the latest answers, the way to invite."""

    key = "surveys"
    title = _("Surveys")
    column = "side"
    order = 40
    template = "surveys/account_panel.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return figures and answers, or None for who may not see this account's."""
        if not reach_of(user).covers(account, RecordKind.SURVEY):
            return None
        answers = Response.objects.visible_to(user).standing().filter(account=account)
        return {
            "nps": account_nps(account=account, at=at),
            "responses": list(
                answers.select_related("contact", "survey").order_by("-answered_at", "-pk")[:SHOWN]
            ),
            "wave": Wave.objects.editable_by(user).open_at(at).order_by("closes_at").first(),
        }


class ContactSurveysPanel:
    """What a person answered under their name."""

    key = "surveys"
    order = 10
    template = "surveys/contact_panel.html"

    def context(self, *, contact: Contact, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the person's answers, or None where there are none for this user."""
        answers = Response.objects.visible_to(user).standing().filter(contact=contact)
        found = list(answers.select_related("survey").order_by("-answered_at", "-pk")[:SHOWN])
        return {"responses": found} if found else None


panels.register("surveys")(SurveysPanel())
contact_panels.register("surveys")(ContactSurveysPanel())
