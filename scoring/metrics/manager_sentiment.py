"""How the account manager felt after the last talk: 1 positive, 0 neutral, −1 negative.

It stands beside the score, never in a shipped one.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="manager_sentiment",
        label=_("Sentiment after the last talk"),
        unit="count",
        parts={
            "mood": Aggregate("moods", "newest", of="mood"),
            "last": Aggregate("moods", "last", of='"on"'),
        },
        value="{mood}",
        seen="{last}",
        lowest=-1.0,
        highest=1.0,
        higher_is_better=True,
    )
)
