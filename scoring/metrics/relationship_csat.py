"""Mean satisfaction (1–5) with our team and support, from the surveys of the last year."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="relationship_csat",
        label=_("Relationship CSAT"),
        unit="rating",
        parts={
            "mean": Aggregate("answers", "mean", of="csat"),
            "last": Aggregate("answers", "last", of='"on"', where="csat IS NOT NULL"),
        },
        value="{mean}",
        seen="{last}",
        lowest=1.0,
        highest=5.0,
        higher_is_better=True,
    )
)
