"""How often people signed in within 28 days; younger customers are scaled up."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="logins",
        label=_("Sign-ins, 28 days"),
        unit="count",
        parts={
            "logins": Aggregate("usage", "sum", of="n", where="meaning = 'login'", window=28),
        },
        value="CASE WHEN 'login' = ANY({meanings}) THEN {logins} END",
        seen="{fed_on}",
        rate_window=28,
        expects_usage=True,
        exposure_days=14,
        higher_is_better=True,
    )
)
