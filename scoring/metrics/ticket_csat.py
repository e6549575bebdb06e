"""Mean satisfaction (1–5) with resolved tickets within 180 days; missing under 3 answers."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="ticket_csat",
        label=_("Ticket CSAT, 180 days"),
        unit="rating",
        parts={
            "mean": Aggregate("tickets", "mean", of="csat", window=180),
            "answers": Aggregate("tickets", "count", where="csat IS NOT NULL", window=180),
            "last": Aggregate("tickets", "last", of='"on"', where="csat IS NOT NULL", window=180),
        },
        value="CASE WHEN {answers} >= 3 THEN {mean} END",
        seen="{last}",
        lowest=1.0,
        highest=5.0,
        higher_is_better=True,
    )
)
