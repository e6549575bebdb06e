"""In how many ways both sides talked within 90 days: visit, call, mail …; not for tech touch."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="channels",
        label=_("Ways of talking used, 90 days"),
        unit="count",
        parts={"ways": Aggregate("touches", "distinct", of="type", window=90)},
        value="CASE WHEN {cadence} IS NOT NULL THEN {ways} END",
        exposure_days=14,
        higher_is_better=True,
    )
)
