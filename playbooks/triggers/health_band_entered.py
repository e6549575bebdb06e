"""An account's health enters one of some bands, coming from outside them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from babel.lists import format_list
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.lib.bands import BAND_LOOKS
from config.lib.formats import is_japanese
from playbooks.domain.episodes import Episode
from playbooks.registry import BadParams, Text, triggers
from scoring.models import HealthTransition


@triggers.register("health_band_entered")
@dataclass(frozen=True)
class HealthBandEntered:
    """The episode is the first change of band into `bands` since the account was last outside.

    A fall from at risk to critical, or news of the same fall told twice, begins nothing new: what
    counts is the band the previous change led to, not what a row says it came from.
    """

    bands: tuple[str, ...]

    label: ClassVar[Text] = gettext_lazy("Health enters a band")
    bell: ClassVar[str] = "health.transition"

    def __post_init__(self) -> None:
        object.__setattr__(self, "bands", tuple(self.bands))
        if not self.bands or not set(self.bands) <= set(BAND_LOOKS):
            raise BadParams(_("Choose at least one health band."))

    def episodes(
        self, accounts: QuerySet[Any], *, since: dt.datetime | None, until: dt.datetime
    ) -> list[Episode]:
        """Return one episode an entry: `transition:<id>` of the change of band that led in."""
        earlier = HealthTransition.objects.filter(account=OuterRef("account")).filter(
            Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk"))
        )
        previous = Subquery(earlier.order_by("-at", "-pk").values("to_band")[:1])
        changes = (
            HealthTransition.objects.filter(account__in=accounts, at__lte=until)
            .filter(to_band__in=self.bands)
            .annotate(before=Coalesce(previous, F("from_band")))
            .exclude(before__in=self.bands)
        )
        if since is not None:
            changes = changes.filter(at__gt=since)
        return [
            Episode(account_id, f"transition:{pk}", at)
            for pk, account_id, at in changes.order_by("at", "pk").values_list(
                "pk", "account_id", "at"
            )
        ]

    def in_words(self) -> str:
        """Say which bands."""
        words = [str(BAND_LOOKS[band].word) for band in self.bands]
        bands = format_list(words, style="or", locale="ja" if is_japanese() else "en")
        return _("Health enters %(bands)s") % {"bands": bands}
