"""What scoring adds to the changes of an account: a person's corrections of its score."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.registry import Audited, AuditedPart, audited, audited_parts
from scoring.models import AlertRule, EventName, HealthOverride, KpiTarget, ScoreFeedback

audited_parts.register("account.healthoverride")(
    AuditedPart(
        "account", HealthOverride, "account_id", _("Override of the score"), kind=RecordKind.HEALTH
    )
)
audited_parts.register("account.scorefeedback")(
    AuditedPart(
        "account", ScoreFeedback, "account_id", _("Objection to the score"), kind=RecordKind.HEALTH
    )
)
audited.register("kpitarget")(Audited(KpiTarget, account_path=""))
audited.register("alertrule")(Audited(AlertRule, account_path=""))
audited.register("eventname")(Audited(EventName, account_path=""))
