"""Which share of what fell due within 180 days is unpaid after its due day."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="overdue_share",
        label=_("Overdue ÷ billed, 180 days"),
        unit="share",
        parts={
            "overdue": Aggregate(
                "invoices",
                "sum",
                of="amount",
                where="paid_on IS NULL AND due_on < %(day)s",
                window=180,
            ),
            "amount": Aggregate("invoices", "sum", of="amount", window=180),
            "last": Aggregate("invoices", "last", of='"on"', window=180),
        },
        value="{overdue} / nullif({amount}, 0)",
        seen="{last}",
        highest=1.0,
        higher_is_better=False,
    )
)
