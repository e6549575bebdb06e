"""Whether the executive sponsor was touched within 90 days, where one is required."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="sponsor_touched",
        label=_("Executive sponsor touched, 90 days"),
        unit="count",
        parts={
            "touches": Aggregate("attendees", "count", where="is_sponsor", window=90),
        },
        value="CASE WHEN 'executive_sponsor' = ANY({required_roles}) THEN least(1, {touches}) END",
        exposure_days=14,
        highest=1.0,
        higher_is_better=True,
    )
)
