"""Net promoter score of an account: promoters less detractors, in percent of the answers.

The newest identified answer of each person within a year; 9 and 10 promote, 0 to 6 detract.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="nps",
        label=_("Account NPS"),
        unit="nps",
        parts={
            "promoters": Aggregate("answers", "count", where="kind = 'nps' AND score >= 9"),
            "detractors": Aggregate("answers", "count", where="kind = 'nps' AND score <= 6"),
            "answers": Aggregate("answers", "count", where="kind = 'nps'"),
            "last": Aggregate("answers", "last", of='"on"', where="kind = 'nps'"),
        },
        value="100.0 * ({promoters} - {detractors}) / nullif({answers}, 0)",
        seen="{last}",
        lowest=-100.0,
        highest=100.0,
        higher_is_better=True,
    )
)
