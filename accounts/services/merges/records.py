"""What merges of accounts and of contacts have in common."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.choices import MergeEffect, MergeKind
from accounts.models import Account, ExternalRef, MergeMove, MergeRecord, User
from accounts.registry import merge_parts
from accounts.services.merges.choices import FieldChoice
from accounts.services.merges.moves import plain
from config.lib.problems import Conflict, FieldError, Problem

#: Under this source an `ExternalRef` keeps the own-system id of a record that went.
OWN_SYSTEM = "external_id"


class MergeOfOne(Problem):
    """A record can't go into itself."""

    code = "merge_of_one"
    title = _("A merge needs two records.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/into", self.title)])


class AlreadyMerged(Conflict):
    """One of both is archived or went into another record before."""

    code = "already_merged"
    title = _("One of the records is archived or was merged already.")


@dataclass(frozen=True)
class MovedCount:
    """How many rows of a kind move over, end or are noted."""

    label: Any
    effect: MergeEffect
    n: int


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do: whose values stay, what moves, which people are one."""

    source: Any
    target: Any
    fields: list[FieldChoice]
    counts: list[MovedCount]
    people: list[tuple[Any, Any]]


def worded_counts(counts: Mapping[tuple[str, str], int]) -> list[MovedCount]:
    """Give counts by part and effect the words of the parts, in the order of the parts."""
    rows = [(merge_parts.get(key), MergeEffect(effect), n) for (key, effect), n in counts.items()]
    rows.sort(key=lambda row: (row[0].order, row[0].key, row[1]))
    return [MovedCount(part.label, effect, n) for part, effect, n in rows]


def with_counts(records: QuerySet[MergeRecord]) -> QuerySet[MergeRecord]:
    """Annotate `counted` for `counts_of`: what each merge moved, whichever parts exist today."""
    moves = MergeMove.objects.filter(record=OuterRef("pk"), part__in=list(merge_parts))
    counted = moves.exclude(part__in=list(MergeKind)).order_by().values("part", "effect")
    counts = counted.annotate(n=Count("pk")).values(
        row=JSONObject(part="part", effect="effect", n="n")
    )
    return records.annotate(counted=ArraySubquery(counts))


def counts_of(record: MergeRecord) -> list[MovedCount]:
    """Return what a merge moved, by part and effect."""
    if not hasattr(record, "counted"):
        record = with_counts(MergeRecord.objects.filter(pk=record.pk)).get()
    counted: Any = record.counted  # type: ignore[attr-defined]
    return worded_counts({(row["part"], row["effect"]): row["n"] for row in counted})


def start_record(
    *,
    kind: MergeKind,
    source: Any,
    target: Any,
    account: Account,
    at: dt.datetime,
    by: User | None,
) -> MergeRecord:
    """Note that a merge begins."""
    return MergeRecord.objects.create(
        kind=kind,
        source_id=source.pk,
        target_id=target.pk,
        account=account,
        merged_at=at,
        merged_by=by,
    )


def old_id(kind: MergeKind, source: Any, target: Any) -> list[ExternalRef]:
    """Return the reference under which the source's own-system id leads to the target."""
    if not source.external_id:
        return []
    known = ExternalRef.objects.filter(kind=kind, source=OWN_SYSTEM, value=source.external_id)
    if known.exists():
        return []
    return [
        ExternalRef(kind=kind, object_id=target.pk, source=OWN_SYSTEM, value=source.external_id)
    ]


def taken_over(fields: list[FieldChoice]) -> dict[str, list[Any]]:
    """Return for each field the target takes over what it was and becomes; ids for links."""
    changed = [field for field in fields if field.taken == "source"]
    return {field.name: [_stored(field.target), _stored(field.source)] for field in changed}


def _stored(value: Any) -> Any:
    return plain(getattr(value, "pk", value))
