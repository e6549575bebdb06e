"""Whether and since when a decision maker wants no more mails from us, or calls them spam."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="decision_maker_unsubscribed",
        label=_("Decision maker unsubscribed"),
        unit="count",
        parts={
            "last": Aggregate(
                "suppressions",
                "last",
                of='"on"',
                where="role = 'decision_maker' AND reason IN ('unsubscribed', 'complained')",
            ),
        },
        value="CASE WHEN {last} IS NOT NULL THEN 1 END",
        seen="{last}",
        highest=1.0,
        higher_is_better=False,
    )
)
