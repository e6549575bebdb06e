"""How many reviews the customer wrote within 90 days."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="reviews",
        label=_("Reviews written, 90 days"),
        unit="count",
        parts={
            "reviews": Aggregate("usage", "sum", of="n", where="meaning = 'review'", window=90),
        },
        value="CASE WHEN 'review' = ANY({meanings}) THEN {reviews} END",
        seen="{fed_on}",
        expects_usage=True,
        exposure_days=14,
        higher_is_better=True,
    )
)
