"""How many trainings, webinars and other events the customer came to within 180 days.

Missing where there was no invitation.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="community_events",
        label=_("Community and events, 180 days"),
        unit="count",
        parts={
            "invitations": Aggregate("gatherings", "count", window=180),
            "events": Aggregate(
                "gatherings", "distinct", of="gathering", where="attended", window=180
            ),
            "last": Aggregate("gatherings", "last", of='"on"', window=180),
        },
        value="CASE WHEN {invitations} > 0 THEN {events} END",
        seen="{last}",
        higher_is_better=True,
    )
)
