"""Which share of the licensed users signed in within 28 days.

It needs an event that means a sign-in and whose distinct users are counted.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="login_rate",
        label=_("Users signed in ÷ licensed, 28 days"),
        unit="share",
        parts={
            "signed_in": Aggregate("users", "distinct", of="user_id", where="is_login", window=28),
        },
        value=("CASE WHEN {logins_counted} THEN {signed_in}::float8 / nullif({licensed}, 0) END"),
        seen="{fed_on}",
        expects_usage=True,
        exposure_days=14,
        higher_is_better=True,
    )
)
