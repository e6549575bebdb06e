"""What scoring adds to the changes of an account: a person's corrections of its score."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.registry import AuditedPart, audited_parts
from scoring.models import HealthOverride

audited_parts.register("account.healthoverride")(
    AuditedPart(
        "account", HealthOverride, "account_id", _("Override of the score"), kind=RecordKind.HEALTH
    )
)
