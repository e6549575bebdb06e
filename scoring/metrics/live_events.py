"""How many events came within 28 days from an account that has been live that long."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="live_events",
        label=_("Events of a live account, 28 days"),
        unit="count",
        parts={
            "events": Aggregate("usage", "sum", of="n", window=28),
        },
        value="CASE WHEN {live_on} <= {day} - 28 THEN {events} END",
        seen="{fed_on}",
        expects_usage=True,
        higher_is_better=True,
    )
)
