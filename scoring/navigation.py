"""The pages of the scoring app in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind, Scope, UserRole
from accounts.querysets import reach_of, steers
from config.lib.navigation import Entry, register_entry
from scoring.querysets import may_read_reports, may_read_scorecards


def _administers(user: Any) -> bool:
    return bool(getattr(user, "role", "") == UserRole.ADMINISTRATOR)


register_entry(
    Entry(
        "data_quality",
        _("Data quality"),
        "scoring:quality_sources",
        icon="chart-histogram",
        order=80,
        place="settings",
        section=_("Data"),
        about=_("Which sources are alive, what waits for its account, what scores can't see."),
        allows=steers,
        holds=lambda: ("/data-quality/",),
    )
)
register_entry(
    Entry(
        "write_keys",
        _("Write keys"),
        "scoring:write_keys",
        icon="key",
        order=320,
        place="settings",
        section=_("Operation"),
        about=_("Keys with which your own systems send usage events."),
        allows=_administers,
    )
)


def _sees_health(user: Any) -> bool:
    return reach_of(user).scope(RecordKind.HEALTH) != Scope.NONE


register_entry(
    Entry("alerts", _("Alerts"), "scoring:alerts", icon="bell", order=25, allows=_sees_health)
)
register_entry(
    Entry(
        "alert_rules",
        _("Alert rules"),
        "scoring:alert_rules",
        icon="bell",
        order=50,
        place="settings",
        section=_("Organisation"),
        about=_("When an alert opens, and how long it rests."),
        allows=steers,
    )
)
register_entry(
    Entry(
        "validations",
        _("What-if and back-test"),
        "scoring:validation_list",
        icon="history",
        order=81,
        place="settings",
        section=_("Data"),
        about=_("Try a scorecard on the book, and ask the past whether it would have known."),
        allows=_sees_health,
    )
)
register_entry(
    Entry(
        "scorecards",
        _("Scorecards"),
        "scoring:scorecard_list",
        icon="adjustments-alt",
        order=55,
        allows=may_read_scorecards,
        about=_("How health is judged: what counts how much, for whom, in which version."),
    )
)
register_entry(
    Entry(
        "metrics",
        _("Measures"),
        "scoring:metric_list",
        icon="heartbeat",
        order=70,
        place="settings",
        section=_("Health"),
        about=_("What is observed of customers, and measures of your own."),
    )
)
register_entry(
    Entry(
        "reports",
        _("Reports"),
        "scoring:report",
        icon="chart-histogram",
        order=60,
        shortcut="g r",
        allows=may_read_reports,
        about=_("Retention, churn, renewals and contacts of a period, with their definitions."),
    )
)
