"""Days since the executive sponsor was touched, where the touch model requires one.

Never touched counts from the start of the contract.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="sponsor_recency",
        label=_("Executive sponsor last met"),
        unit="days",
        parts={
            "last": Aggregate("attendees", "last", of='"on"', where="is_sponsor"),
        },
        value=(
            "CASE WHEN 'executive_sponsor' = ANY({required_roles})"
            " AND coalesce({last}, {since_on}) IS NOT NULL THEN 1 END"
        ),
        seen="coalesce({last}, {since_on})",
        reckoning="clock",
        higher_is_better=False,
    )
)
