"""The account beside accounts alike: each reading and the median of its cohort."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from accounts.registry import panels
from config.lib import formats
from scoring.models import HealthCurrent
from scoring.panels import shown_score, value_text
from scoring.selectors.benchmarks import Comparison, benchmark
from scoring.selectors.cohorts import HEALTH_SCORE
from scoring.selectors.labels import audience_words, metric_label


class CohortPanel:
    """Readings beside the frozen medians of the cohort."""

    key = "health_cohort"
    title = gettext_lazy("Beside similar accounts")
    column = "main"
    order = 15
    template = "scoring/cohort_panel.html"

    def context(self, *, account: Account, user: Any, at: dt.datetime) -> dict[str, Any] | None:
        """Return the comparison; None where there is none, or it may not be seen."""
        if not HealthCurrent.objects.may_be_seen(user, account):
            return None
        found = benchmark(account_id=account.pk)
        if found is None:
            return None
        return {
            "audience": audience_words(found.audience),
            "frozen_at": found.table.t,
            "lines": [_line(comparison) for comparison in found.lines],
        }


def _line(comparison: Comparison) -> dict[str, Any]:
    is_score = comparison.metric == HEALTH_SCORE
    return {
        "label": _("Health") if is_score else metric_label(comparison.metric),
        "own": _value(comparison.metric, comparison.x),
        "median": _value(comparison.metric, comparison.median),
        "n": comparison.n,
        "ahead": comparison.ahead,
    }


def _value(metric: str, x: float | None) -> str:
    if metric == HEALTH_SCORE:
        return "–" if x is None else formats.number(shown_score(x))
    return value_text(metric, x)


panels.register(CohortPanel.key)(CohortPanel())
