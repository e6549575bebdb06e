"""Which share of the people asked answered the last two waves; missing under 3 asked.

Only waves that are over count, by whether each person answered, never by what.
"""

from django.utils.translation import gettext_lazy as _

from scoring.registry import Aggregate, Metric, register_metric

register_metric(
    Metric(
        key="survey_participation",
        label=_("Survey participation, two waves"),
        unit="share",
        parts={
            "asked": Aggregate("invited", "count"),
            "answered": Aggregate("invited", "count", where="answered"),
            "last": Aggregate("invited", "last", of='"on"'),
        },
        value="CASE WHEN {asked} >= 3 THEN {answered}::float8 / {asked} END",
        seen="{last}",
        highest=1.0,
        higher_is_better=True,
    )
)
