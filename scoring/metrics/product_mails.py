"""How many mails the customer sent through the product within 90 days."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="product_mails",
        label=_("Mails sent through the product, 90 days"),
        unit="count",
        parts={
            "counted": Aggregate(
                "usage", "sum", of="n", where="meaning = 'mail' AND NOT is_summed", window=90
            ),
            "sums": Aggregate("sums", "sum", of="total", where="meaning = 'mail'", window=90),
        },
        value="CASE WHEN 'mail' = ANY({meanings}) THEN {counted} + {sums} END",
        seen="{fed_on}",
        rate_window=90,
        expects_usage=True,
        exposure_days=14,
        higher_is_better=True,
    )
)
