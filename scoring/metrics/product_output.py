"""What the customer made in the product within 90 days: data registered, mails sent.

An event whose property is summed counts by that sum, so that one mailing to 500 people is 500.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="product_output",
        label=_("Output made in the product, 90 days"),
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
        },
        value="CASE WHEN ARRAY['record', 'mail'] && {meanings} THEN {records} + {sums} END",
        seen="{fed_on}",
        rate_window=90,
        expects_usage=True,
        exposure_days=14,
        higher_is_better=True,
    )
)
