"""Which share of the people with a role was talked with within 90 days; not for tech touch."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="active_stakeholders",
        label=_("Active stakeholders, 90 days"),
        unit="share",
        parts={
            "all": Aggregate("stakeholders", "distinct", of="contact_id"),
            "active": Aggregate("stakeholders", "distinct", of="contact_id", window=90),
        },
        value="CASE WHEN {cadence} IS NOT NULL THEN {active}::float8 / nullif({all}, 0) END",
        exposure_days=14,
        highest=1.0,
        higher_is_better=True,
    )
)
