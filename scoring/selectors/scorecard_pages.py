"""What the pages about scorecards show: who is judged by which, by which version, since when."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTextTransform

from scoring.choices import Band, ScorecardState
from scoring.models import HealthCurrent, Scorecard, ScorecardVersion
from scoring.querysets import HealthQuerySet
from scoring.selectors.definition_words import METHODS
from scoring.selectors.labels import audience_words

#: The bands of a count, worst first.
BANDS = [band.value for band in Band]


@dataclass(frozen=True)
class Standing:
    """Where the versions of one scorecard stand on a day; each may be missing.

    `acting` judges its accounts, `pilot` a segment of them, `coming` will act from a later day,
    `open` is the newest draft or version in review.
    """

    acting: ScorecardVersion | None = None
    pilot: ScorecardVersion | None = None
    coming: ScorecardVersion | None = None
    open: ScorecardVersion | None = None


@dataclass(frozen=True)
class CardRow:
    """A scorecard of the list: its place in the order of trying, and whom it judges now."""

    card: Scorecard
    place: int
    whom: str
    standing: Standing
    method: object
    changed: ScorecardVersion | None
    bands: Mapping[str, int] = field(default_factory=dict)

    @property
    def accounts(self) -> int:
        """Return how many accounts it judges now."""
        return sum(self.bands.values())


def versions_of(cards: Iterable[Scorecard]) -> QuerySet[ScorecardVersion]:
    """Return the versions of scorecards, newest first, without what they say but its method."""
    every: QuerySet[ScorecardVersion] = ScorecardVersion.objects.all()
    rows = every.filter(scorecard__in=list(cards)).defer("definition")
    related = ("author", "published_by", "submitted_by", "pilot_segment", "reverts_to")
    said = {
        "method": KeyTextTransform("method", "definition"),
        "combine": KeyTextTransform("combine", "definition"),
    }
    return rows.annotate(**said).select_related("scorecard", *related).order_by("-number")


def card_rows(*, on: dt.date) -> list[CardRow]:
    """Return every scorecard in the order accounts are tried; archived ones last. Three queries."""
    cards = list(Scorecard.objects.order_by("is_default", "position", "pk"))
    cards.sort(key=lambda card: card.archived_at is not None)
    versions: dict[int, list[ScorecardVersion]] = {card.pk: [] for card in cards}
    for version in versions_of(cards):
        versions[version.scorecard_id].append(version)
    counts = band_counts()
    return [
        _row(card, place, versions[card.pk], counts.get(card.pk, {}), on)
        for place, card in enumerate(cards, start=1)
    ]


def standing_of(versions: Iterable[ScorecardVersion], *, on: dt.date) -> Standing:
    """Say where the versions of one scorecard stand on a day.

    :param versions: all of them, newest first.
    """
    given = list(versions)
    published = [one for one in given if one.state == ScorecardState.PUBLISHED]
    begun = [one for one in published if one.effective_on and one.effective_on <= on]
    full = sorted((one for one in begun if not is_on_pilot(one, on)), key=_acts_from)
    full = [one for one in full if one.withdrawn_on is None or one.withdrawn_on > on]
    acting = full[-1] if full else None
    pilots = [one for one in begun if is_on_pilot(one, on)]
    pilots = [one for one in pilots if acting is None or one.number > acting.number]
    pilots.sort(key=_acts_from)
    coming = [one for one in published if one.effective_on and one.effective_on > on]
    drafts = [one for one in given if one.state != ScorecardState.PUBLISHED]
    return Standing(
        acting,
        pilots[-1] if pilots else None,
        coming[0] if coming else None,
        drafts[0] if drafts else None,
    )


def is_on_pilot(version: ScorecardVersion, on: dt.date) -> bool:
    """Say whether a published version acts for its segment alone on a day."""
    if version.pilot_segment_id is None:
        return False
    is_promoted = version.promoted_on is not None and version.promoted_on <= on
    is_withdrawn = version.withdrawn_on is not None and version.withdrawn_on <= on
    return not is_promoted and not is_withdrawn


def band_counts() -> dict[int, dict[str, int]]:
    """Return, of each scorecard, how many accounts stand in which band now. One query."""
    rows = (
        judged_now().values_list("version__scorecard_id", "band").annotate(n=Count("pk")).order_by()
    )
    counts: dict[int, dict[str, int]] = {}
    for card, band, n in rows:
        counts.setdefault(card, {})[band] = n
    return counts


def version_counts(card: Scorecard) -> Counter[int]:
    """Return how many accounts each version of a scorecard judges now. One query."""
    rows = judged_now().filter(version__scorecard=card)
    return Counter(
        dict(rows.values_list("version_id").annotate(n=Count("pk")).order_by("version_id"))
    )


def judged_now() -> HealthQuerySet:
    """Return the health of customers there still are; who left keeps the last row there was."""
    customers = HealthCurrent.objects.filter(
        version__isnull=False, account__archived_at__isnull=True, account__kind="customer"
    )
    rows: HealthQuerySet = customers.exclude(account__status__in=("prospect", "churned"))
    return rows


def method_word(version: ScorecardVersion | None) -> object:
    """Return the method of a version read by `versions_of`, in words."""
    if version is None:
        return ""
    told = vars(version)
    if told.get("method") != "rules":
        return METHODS["weighted"]
    return METHODS[told.get("combine") or "all_points"]


def _row(
    card: Scorecard,
    place: int,
    versions: list[ScorecardVersion],
    bands: Mapping[str, int],
    on: dt.date,
) -> CardRow:
    standing = standing_of(versions, on=on)
    changed = max(versions, key=lambda one: one.updated_at, default=None)
    method = method_word(standing.acting or standing.pilot or standing.open)
    counted = {band: bands.get(band, 0) for band in BANDS}
    whom = "" if card.is_default else audience_words(card.condition)
    return CardRow(card, place, whom, standing, method, changed, counted)


def _acts_from(version: ScorecardVersion) -> tuple[dt.date, int]:
    return version.promoted_on or version.effective_on or dt.date.max, version.number
