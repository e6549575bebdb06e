"""Whether and since when mails to the champion come back."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="champion_bounced",
        label=_("Champion's mail bounced"),
        unit="count",
        parts={
            "last": Aggregate(
                "suppressions", "last", of='"on"', where="role = 'champion' AND reason = 'bounced'"
            ),
        },
        value="CASE WHEN {last} IS NOT NULL THEN 1 END",
        seen="{last}",
        highest=1.0,
        higher_is_better=False,
    )
)
