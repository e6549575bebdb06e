"""Since when an account has been where it stands: found in lists, segments and exports."""

import datetime as dt
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountPhaseFact, AccountStatusFact
from accounts.registry import Field, fields
from accounts.selectors import OrganisationDay


def _phase_since(at: dt.datetime) -> Combinable:
    facts: Any = AccountPhaseFact.objects.filter(account=OuterRef("pk"), phase=OuterRef("phase"))
    standing = facts.current().holding_on(OrganisationDay(at))
    return Subquery(standing.order_by("-starts_on").values("starts_on")[:1])


def _status_since(at: dt.datetime) -> Combinable:
    facts: Any = AccountStatusFact.objects.filter(account=OuterRef("pk"), status=OuterRef("status"))
    standing = facts.current().holding_on(OrganisationDay(at))
    return Subquery(standing.order_by("-starts_on").values("starts_on")[:1])


fields.register("phase_since_on")(
    Field("phase_since_on", "date", _("In this phase since"), "accounts", _phase_since)
)
fields.register("status_since_on")(
    Field("status_since_on", "date", _("In this status since"), "accounts", _status_since)
)
