"""How many minutes each active user spent in the product within 28 days.

It needs an event that means the end of a session and whose minutes are added up.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="time_in_app",
        label=_("Minutes in the product per user, 28 days"),
        unit="count",
        parts={
            "minutes": Aggregate("sums", "sum", of="total", where="meaning = 'session'", window=28),
            "active": Aggregate(
                "users", "distinct", of="user_id", where="series_id = 0", window=28
            ),
        },
        value="CASE WHEN 'session' = ANY({meanings}) THEN {minutes} / greatest({active}, 1) END",
        seen="{fed_on}",
        rate_window=28,
        expects_usage=True,
        exposure_days=14,
        higher_is_better=True,
    )
)
