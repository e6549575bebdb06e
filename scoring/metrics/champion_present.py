"""Whether there is a champion, confirmed within a year, where the touch model requires one."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="champion_present",
        label=_("Champion present"),
        unit="count",
        parts={
            "champions": Aggregate("roles", "count", where="role = 'champion'", window=365),
        },
        value=(
            "CASE WHEN {champions} > 0 THEN 1 WHEN 'champion' = ANY({required_roles}) THEN 0 END"
        ),
        highest=1.0,
        higher_is_better=True,
    )
)
