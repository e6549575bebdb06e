"""Which share of our mails within 90 days was answered within two weeks; missing under 3."""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="mails_answered",
        label=_("Our mails answered, 90 days"),
        unit="share",
        parts={
            "mails": Aggregate("our_mails", "count", window=90),
            "answered": Aggregate("our_mails", "count", where="is_answered", window=90),
            "last": Aggregate("our_mails", "last", of='"on"', window=90),
        },
        value="CASE WHEN {mails} >= 3 THEN {answered}::float8 / {mails} END",
        seen="{last}",
        highest=1.0,
        higher_is_better=True,
    )
)
