"""Whether the kick-off was held with the decision maker: 1 yes, 0 no.

Yes: the decision maker took part in a two-way touch since two weeks before the start, and the
milestone of the kick-off, where one is planned, is done. No: neither by the day it was due, or by
two weeks after the start. Missing until then.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="kick_off_held",
        label=_("Kick-off held with the decision maker"),
        unit="count",
        parts={
            "met": Aggregate("attendees", "last", of='"on"', where="is_decision_maker"),
            "planned": Aggregate("milestones", "first", of="due_on", where="key = 'kick_off'"),
            "done": Aggregate("milestones", "first", of="done_on", where="key = 'kick_off'"),
        },
        value=(
            "CASE WHEN {met} >= {since_on} - 14"
            " AND ({planned} IS NULL OR {done} IS NOT NULL) THEN 1"
            " WHEN coalesce({planned}, {since_on} + 14) < {day} THEN 0 END"
        ),
        highest=1.0,
        higher_is_better=True,
    )
)
