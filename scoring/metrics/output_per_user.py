"""What each active user made in the product within 90 days: data registered, mails sent.

None is 0, also where nobody was active. Missing until an event is said to register data or to send
a mail (`EventName.meaning`).
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="output_per_user",
        label=_("Output per user, 90 days"),
        unit="count",
        parts={
            "records": Aggregate(
                "usage",
                "sum",
                of="n",
                where="meaning IN ('record', 'mail') AND NOT is_summed",
                window=90,
            ),
            "sums": Aggregate(
                "sums", "sum", of="total", where="meaning IN ('record', 'mail')", window=90
            ),
            "active": Aggregate(
                "users", "distinct", of="user_id", where="series_id = 0", window=90
            ),
        },
        value=(
            "CASE WHEN ARRAY['record', 'mail'] && {meanings}"
            " THEN ({records} + {sums})::float8 / greatest({active}, 1) END"
        ),
        seen="{fed_on}",
        rate_window=90,
        expects_usage=True,
        exposure_days=14,
        higher_is_better=True,
    )
)
