"""Which share of the invited users was active within 90 days.

Invited are those an event says were invited (`EventName.meaning`); without any, the licensed ones.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="users_activated",
        label=_("Invited users activated"),
        unit="share",
        parts={
            "invited": Aggregate("usage", "sum", of="n", where="meaning = 'invite'", window=90),
            "active": Aggregate(
                "users", "distinct", of="user_id", where="series_id = 0", window=90
            ),
        },
        value=(
            "least(1, {active}::float8 / coalesce(nullif({invited}, 0), nullif({licensed}, 0)))"
        ),
        seen="{fed_on}",
        highest=1.0,
        expects_usage=True,
        higher_is_better=True,
    )
)
