"""What is wrong with an account now, first of all: its alerts, each with its reason."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Organisation
from accounts.registry import panels
from scoring.models import HealthAlert
from scoring.selectors.alerts import alert_rows
from scoring.selectors.permissions import may_judge


class AlertsPanel:
    """Alerts whose condition holds, also those put off or marked false."""

    key = "alerts"
    title = _("Alerts")
    column = "main"
    order = 5
    template = "scoring/alerts_panel.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the standing alerts, oldest last; None where all is quiet."""
        if not HealthAlert.objects.may_be_seen(user, account):
            return None
        standing: Any = HealthAlert.objects.standing().filter(account=account)
        found = list(standing.select_related("acknowledged_by", "false_by").order_by("-opened_at"))
        if not found:
            return None
        today = Organisation.objects.day_of(at)
        rows = alert_rows(found, at=at)
        return {"rows": rows, "today": today, "may_judge": may_judge(account, user)}


panels.register(AlertsPanel.key)(AlertsPanel())
