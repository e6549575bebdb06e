"""What people said of scores, what they set in their place, and every alert there was."""

import datetime as dt
from typing import Any

from django.db.models import BooleanField, CharField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordKind
from accounts.domain.names import fold_for_search
from accounts.querysets import account_called
from accounts.registry import ListColumn, ListFilter, RecordList, lists
from scoring.choices import (
    AlertClosing,
    AlertKind,
    Band,
    FeedbackDirection,
    OverrideKind,
    OverrideVerdict,
)
from scoring.models import HealthAlert, HealthOverride, ScoreFeedback
from scoring.registry import metric_choices

#: The score and the scorecard an objection is about, in every list that names them.
SCORE, BAND = _("Score"), _("Band")
POINTS = "points"


def _feedback(*, user: Any, at: dt.datetime) -> QuerySet[ScoreFeedback]:
    rows: Any = ScoreFeedback.objects.visible_to(user).filter(retracted_at=None)
    name = "name_ja" if (get_language() or "en").startswith("ja") else "name_en"
    shown: QuerySet[ScoreFeedback] = rows.select_related("account", "author").annotate(
        scorecard=Coalesce(F(f"version__scorecard__{name}"), Value(""), output_field=CharField()),
        version_number=F("version__number"),
    )
    return shown


def _overrides(*, user: Any, at: dt.datetime) -> QuerySet[HealthOverride]:
    acts = Q(retracted_at__isnull=True, starts_at__lte=at, expires_at__gt=at)
    rows: Any = HealthOverride.objects.visible_to(user).select_related("account", "author")
    shown: QuerySet[HealthOverride] = rows.annotate(acts=ExpressionWrapper(acts, BooleanField()))
    return shown


def _alerts(*, user: Any, at: dt.datetime) -> QuerySet[HealthAlert]:
    rows: Any = HealthAlert.objects.visible_to(user).select_related(
        "account", "acknowledged_by", "false_by"
    )
    shown: QuerySet[HealthAlert] = rows.annotate(
        is_open=ExpressionWrapper(Q(closed_at__isnull=True, false_at__isnull=True), BooleanField()),
        is_false=ExpressionWrapper(Q(false_at__isnull=False), BooleanField()),
    )
    return shown


def _search(*columns: str) -> Any:
    def search(rows: QuerySet[Any], text: str, *, user: Any) -> QuerySet[Any]:
        for word in fold_for_search(text).split():
            found = account_called(word, user=user, kind=RecordKind.HEALTH)
            for column in columns:
                found |= Q(**{f"{column}__icontains": word})
            rows = rows.filter(found)
        return rows

    return search


lists.register("score-feedback")(
    RecordList(
        key="score-feedback",
        label=_("Objections to scores"),
        icon="message-2-question",
        kind=RecordKind.HEALTH,
        rows=_feedback,
        search=_search("reason"),
        default_sort="-created_at",
        order=80,
        about=_("Whoever holds a score for wrong says so on the account's page, with a reason."),
        columns=(
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn(
                "direction", _("The score is"), "choice", "direction",
                choices=FeedbackDirection.choices,
            ),
            ListColumn("score", SCORE, "number", "score", template=POINTS),
            ListColumn("band", BAND, "choice", "band", choices=Band.choices),
            ListColumn("reason", _("Reason"), "text", "reason", is_sortable=False),
            ListColumn("metric", _("Measure"), "choice", "metric", choices=metric_choices,
                       is_secondary=True),
            ListColumn("scorecard", _("Scorecard"), "text", "scorecard", is_secondary=True),
            ListColumn("version", _("Version"), "number", "version_number", is_secondary=True),
            ListColumn("author", _("Said by"), "person", "author", is_secondary=True),
            ListColumn("created_at", _("Said"), "moment", "created_at"),
        ),
        filters=(
            ListFilter("direction", _("The score is"), "choice", "direction",
                       choices=FeedbackDirection.choices),
            ListFilter("band", BAND, "choice", "band", choices=Band.choices),
            ListFilter("metric", _("Measure"), "choice", "metric", choices=metric_choices),
            ListFilter("scorecard", _("Scorecard"), "text", "scorecard"),
            ListFilter("version", _("Version"), "number", "version_number"),
            ListFilter("created_at", _("Said"), "datetime", "created_at"),
        ),
    )
)  # fmt: skip

lists.register("overrides")(
    RecordList(
        key="overrides",
        label=_("Overrides of scores"),
        icon="pencil",
        kind=RecordKind.HEALTH,
        rows=_overrides,
        search=_search("reason"),
        default_sort="-starts_at",
        order=81,
        about=_("Whoever knows what the score does not sets it for a while, with a reason."),
        columns=(
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn("kind", _("Sets"), "choice", "kind", choices=OverrideKind.choices),
            ListColumn("value", SCORE, "number", "value", template=POINTS),
            ListColumn("band", BAND, "choice", "band", choices=Band.choices),
            ListColumn("computed", _("Computed then"), "number", "computed", template=POINTS),
            ListColumn("reason", _("Reason"), "text", "reason", is_sortable=False),
            ListColumn("author", _("Set by"), "person", "author", is_secondary=True),
            ListColumn("starts_at", _("From"), "moment", "starts_at"),
            ListColumn("expires_at", pgettext_lazy("override", "Until"), "moment", "expires_at"),
            ListColumn("acts", _("Acts now"), "boolean", "acts"),
            ListColumn("verdict", _("Verdict"), "choice", "verdict",
                       choices=OverrideVerdict.choices, is_secondary=True),
        ),
        filters=(
            ListFilter("acts", _("Acts now"), "boolean", "acts"),
            ListFilter("kind", _("Sets"), "choice", "kind", choices=OverrideKind.choices),
            ListFilter("verdict", _("Verdict"), "choice", "verdict",
                       choices=OverrideVerdict.choices),
            ListFilter("starts_at", _("From"), "datetime", "starts_at"),
            ListFilter("expires_at", pgettext_lazy("override", "Until"), "datetime", "expires_at"),
        ),
    )
)  # fmt: skip

lists.register("alert-log")(
    RecordList(
        key="alert-log",
        label=_("Alert log"),
        icon="bell",
        kind=RecordKind.HEALTH,
        rows=_alerts,
        search=_search("false_reason"),
        default_sort="-opened_at",
        order=82,
        about=_("Runs of the score open alerts, and close them when their condition clears."),
        columns=(
            ListColumn("account", _("Account"), "account", "account"),
            ListColumn("kind", _("Kind"), "choice", "kind", choices=AlertKind.choices),
            ListColumn("opened_at", pgettext_lazy("alert", "Since"), "moment", "opened_at"),
            ListColumn("band", BAND, "choice", "band", choices=Band.choices),
            ListColumn("score", SCORE, "number", "score", template=POINTS),
            ListColumn("is_open", pgettext_lazy("alerts", "Open"), "boolean", "is_open"),
            ListColumn("closed_at", _("Closed"), "moment", "closed_at", is_secondary=True),
            ListColumn("closed_as", _("Closed because"), "choice", "closed_as",
                       choices=AlertClosing.choices, is_secondary=True),
            ListColumn("acknowledged_by", _("Acknowledged by"), "person", "acknowledged_by",
                       is_secondary=True),
            ListColumn("is_false", _("False alarm"), "boolean", "is_false"),
            ListColumn("false_reason", _("Why it is false"), "text", "false_reason",
                       is_sortable=False, is_default=False),
        ),
        filters=(
            ListFilter("kind", _("Kind"), "choice", "kind", choices=AlertKind.choices),
            ListFilter("open", pgettext_lazy("alerts", "Open"), "boolean", "is_open"),
            ListFilter("false", _("False alarm"), "boolean", "is_false"),
            ListFilter("band", BAND, "choice", "band", choices=Band.choices),
            ListFilter("opened_at", pgettext_lazy("alert", "Since"), "datetime", "opened_at"),
            ListFilter("closed_at", _("Closed"), "datetime", "closed_at"),
        ),
    )
)  # fmt: skip
