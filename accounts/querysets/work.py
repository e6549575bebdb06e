"""Work in the background: mails, imports, exports, erasures, each seen by who asked for it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.lookups import IsNull

from accounts.choices import ExportKind, IdentifiedKind, MailState, RecordKind, UserRole
from accounts.domain.mail_outcome import MailPostponed, MailRefused, MailServerUnreachable
from accounts.querysets.reach import ScopedQuerySet, may_answer_for_privacy, reach_of
from config.lib.claims import ClaimQuerySet, LeaseLost
from config.lib.jobs import JobQuerySet


class MailMessageQuerySet(ScopedQuerySet, ClaimQuerySet[Any]):  # type: ignore[override]
    """Claims that keep the mail's state in step and never take up one that may have been sent."""

    record_kind = RecordKind.CONTACT
    marks: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "claimed": {"state": MailState.SENDING},
        "finished": {"state": MailState.ACCEPTED},
        "postponed": {"state": MailState.QUEUED, "dialogue_at": None},
        "died": {"state": MailState.FAILED},
        "replayed": {"state": MailState.QUEUED, "dialogue_at": None},
    }

    def due(self, at: dt.datetime) -> Self:
        """Keep mails to be sent now; once handed to a mail server, a mail is never due again."""
        return super().due(at).filter(dialogue_at__isnull=True)

    def left_hanging(self, at: dt.datetime) -> Self:
        """Keep mails whose sender vanished after it had begun to talk to the mail server."""
        return self.unfinished().filter(dialogue_at__isnull=False, leased_until__lte=at)

    def begin_dialogue(self, row: Any, *, owner: str, at: dt.datetime) -> None:
        """Commit that the next step may send the mail; exactly one owner ever passes here.

        :raises LeaseLost: when the lease ran out and the mail was taken up by another.
        """
        with transaction.atomic(durable=True):
            held = self.unfinished().filter(
                pk=row.pk, leased_by=owner, attempts=row.attempts, dialogue_at__isnull=True
            )
            if held.update(dialogue_at=at) != 1:
                raise LeaseLost(f"mail {row.pk} is not leased by {owner}")
        row.dialogue_at = at

    def fail(self, row: Any, *, owner: str, error: Exception, at: dt.datetime) -> None:
        """Record why a mail was not sent, or that nobody knows whether it was."""
        if isinstance(error, MailRefused):
            self.give_up(row, owner=owner, error=error, at=at)
        elif row.dialogue_at is None or isinstance(error, MailPostponed | MailServerUnreachable):
            super().fail(row, owner=owner, error=error, at=at)
        else:
            mine = self.filter(pk=row.pk, leased_by=owner, attempts=row.attempts)
            mine.doubt(error=type(error).__name__, at=at)

    def doubt(self, *, error: str, at: dt.datetime) -> int:
        """Leave it to a person what becomes of mails that may have been sent."""
        return self.unfinished().update(
            state=MailState.UNKNOWN, dead_at=at, leased_by="", leased_until=None, last_error=error
        )


class SuppressionQuerySet(models.QuerySet[Any]):
    def in_force(self) -> Self:
        """Leave out what was lifted."""
        return self.filter(lifted_at__isnull=True)


def _requested_by(user: Any, path: str) -> Q:
    reach = reach_of(user)
    if reach.role == UserRole.ADMINISTRATOR:
        return Q()
    return Q(**{path: user.pk}) if reach.role else Q(pk__isnull=True)


class RequestedJobQuerySet(JobQuerySet[Any]):
    """Jobs concern who asked for them, and administrators."""

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own jobs; administrators see all."""
        return self.filter(_requested_by(user, "requested_by"))

    def editable_by(self, user: Any) -> Self:
        """Keep the jobs the user may stop: those they see."""
        return self.visible_to(user)


class ImportRunQuerySet(models.QuerySet[Any]):
    """Imports concern who started them, and administrators."""

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own imports; administrators see all."""
        return self.filter(_requested_by(user, "job__requested_by"))

    def editable_by(self, user: Any) -> Self:
        """Keep the imports the user may carry out: those they see."""
        return self.visible_to(user)

    def matters_of(self, user: Any) -> Self:
        """Keep what the user sees, a preview only until they see the import that followed it.

        What other systems sent is told at its inlet: it would bury the files people sent.
        """
        own = self.visible_to(user).filter(inlet__isnull=True)
        return own.exclude(Exists(own.filter(preview=OuterRef("pk"))))


class ExternalRefQuerySet(ScopedQuerySet):
    """Ids in other systems: who sees a record sees its ids, who may change it may change them.

    Each row asks for its own record alone, so that a page of a long list reads a page of records:
    the planner would gather whole tables for `IN` and `EXISTS`.
    """

    record_kinds: ClassVar[tuple[str, ...]] = tuple(IdentifiedKind.values)

    def _within(self, user: Any, *, write: bool, kind: str = "") -> Self:
        reached = []
        for one in IdentifiedKind.values:
            records: Any = apps.get_model("accounts", one)._default_manager
            rule = records.all().reached_singly(user, write=write)
            own = Subquery(records.filter(rule, pk=OuterRef("object_id")).values("pk")[:1])
            reached.append(When(kind=one, then=own if rule else F("object_id")))
        record = Case(*reached, output_field=models.BigIntegerField())
        return self.filter(IsNull(record, False))

    def editable_by(self, user: Any) -> Self:
        """Keep the ids of records the user sees and may change."""
        return self._within(user, write=True)


class ImportMappingQuerySet(models.QuerySet[Any]):
    """Mappings concern who made them; shared ones everybody who works here."""

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own mappings and the shared ones."""
        return self.filter(models.Q(owner_id=user.pk) | models.Q(is_shared=True))

    def editable_by(self, user: Any) -> Self:
        """Keep the mappings the user may change: their own."""
        return self.filter(owner_id=user.pk)


class ImportUndoQuerySet(models.QuerySet[Any]):
    """Taking back concerns who may see the import."""

    def visible_to(self, user: Any) -> Self:
        """Keep those of the user's own imports; administrators see all."""
        return self.filter(_requested_by(user, "run__job__requested_by"))


class ExportQuerySet(models.QuerySet[Any]):
    """Files that were taken out concern who asked for them, and administrators."""

    def visible_to(self, user: Any) -> Self:
        """Keep the user's own as long as they might ask for them; administrators see all."""
        rows = self.filter(_requested_by(user, "job__requested_by"))
        if reach_of(user).role == UserRole.ADMINISTRATOR:
            return rows
        if may_answer_for_privacy(user):
            return rows.exclude(kind=ExportKind.EVERYTHING)
        return rows.filter(kind=ExportKind.LIST)

    def editable_by(self, user: Any) -> Self:
        """Keep the exports the user may delete: those they see."""
        return self.visible_to(user)


class ErasureQuerySet(models.QuerySet[Any]):
    """What was erased concerns who answers for privacy."""

    def visible_to(self, user: Any) -> Self:
        """Keep everything for administrators and privacy officers, nothing for anybody else."""
        return self if may_answer_for_privacy(user) else self.none()

    def has_erased(self, contact: Any) -> bool:
        """Say whether the person behind a contact was erased; they never come back."""
        return self.filter(contacts__contains=[contact.pk], applied_at__isnull=False).exists()
