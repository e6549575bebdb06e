"""On how many of 28 days anybody used the product; younger customers are scaled up."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="login_days",
        label=_("Days with a login, 28 days"),
        unit="days",
        parts={
            "days": Aggregate("users", "days", where="series_id = 0", window=28),
        },
        value="least(28, {days})",
        seen="{fed_on}",
        exposure_days=14,
        rate_window=28,
        highest=28.0,
        expects_usage=True,
        higher_is_better=True,
    )
)
