"""Events on their way in: who may send, what was accepted, what was seen, stored or set aside.

The walk of a message: `IngestBatch` (accepted as it came) → `EventSeen` (never twice) → `Event`
(raw, by day of receipt) or `EventQuarantine` (account not known yet) → roll-ups in `usage`.
Machines write these tables set by set, so they carry no history and few constraints.
"""

from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, Team
from config.lib.clock import AppNow
from scoring.choices import EventKind, EventMeaning, TraitField, WaitingFor
from scoring.querysets import EventNameQuerySet, WaitingKeyQuerySet, WriteKeyQuerySet


@pghistory.track(exclude=["digest"])
class WriteKey(models.Model):
    """The right to send events, held by one system of ours; kept as a keyed hash."""

    name = models.CharField(_("name"), max_length=120)
    prefix = models.CharField(_("begins with"), max_length=16, unique=True, editable=False)
    digest = models.BinaryField(max_length=32, editable=False)
    creates_accounts = models.BooleanField(_("creates accounts it does not know"), default=False)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, verbose_name=_("team of created accounts")
    )
    allowed_traits = ArrayField(
        models.CharField(max_length=40, choices=TraitField),
        verbose_name=_("fields that traits may change"),
        default=list,
        blank=True,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="write_keys",
        verbose_name=_("who answers for it"),
    )
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = WriteKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("write key")
        verbose_name_plural = _("write keys")
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="scoring_write_key_digest"),
            models.CheckConstraint(
                condition=Q(creates_accounts=False) | Q(team__isnull=False),
                name="scoring_created_accounts_have_a_team",
                violation_error_message=_("Say which team gets the accounts this key creates."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trait_labels(self) -> list[Any]:
        """Return the words of the fields its calls may change."""
        return [TraitField(field).label for field in self.allowed_traits]


class IngestBatch(models.Model):
    """One accepted request, its items checked. The body goes once its events are rolled up.

    Its effects touch only the database, so it has no lease: a worker locks it with SKIP LOCKED
    and commits effect and `done_at` together.
    """

    write_key = models.ForeignKey(WriteKey, models.PROTECT, db_index=False)
    received_at = models.DateTimeField(_("received"), db_default=AppNow())
    is_import = models.BooleanField(_("import of the past"), default=False)
    items = models.PositiveIntegerField(_("items"))
    body = models.BinaryField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), db_default=AppNow())
    done_at = models.DateTimeField(_("done"), null=True)
    dead_at = models.DateTimeField(_("given up"), null=True)
    last_error = models.TextField(_("last error"), default="", blank=True)

    class Meta:
        verbose_name = _("batch of events")
        verbose_name_plural = _("batches of events")
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
                name="scoring_batch_due",
            ),
            models.Index(
                fields=["write_key"],
                condition=Q(dead_at__isnull=False),
                name="scoring_batch_dead",
            ),
            BrinIndex(fields=["received_at"], name="scoring_batch_received"),
        ]

    def __str__(self) -> str:
        return f"{self.write_key_id} @ {self.received_at}"


class EventSeen(models.Model):
    """A message was stored: 16 bytes of sha256 over write key and messageId.

    `seen_on` is empty for imports, whose keys are kept for ever; live ones for 35 days.
    """

    message_id = models.UUIDField(primary_key=True)
    seen_on = models.DateField(null=True)

    class Meta:
        indexes = [BrinIndex(fields=["seen_on"], name="scoring_seen_on")]

    def __str__(self) -> str:
        return str(self.message_id)


@pghistory.track(exclude=["last_on"])
class EventName(models.Model):
    """What happened, named by the sender: one series of the roll-ups. Page views share one name."""

    id = models.AutoField(primary_key=True)
    name = models.CharField(_("event"), max_length=200, unique=True)
    counts_users = models.BooleanField(_("count distinct users of it"), default=False)
    summed_property = models.CharField(_("property to sum"), max_length=120, blank=True)
    meaning = models.CharField(
        _("meaning"), max_length=8, choices=EventMeaning, blank=True, default="", db_default=""
    )
    is_key_feature = models.BooleanField(_("use of a key feature"), default=False, db_default=False)
    last_on = models.DateField(_("last seen"), null=True, editable=False)

    objects = EventNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("event name")
        verbose_name_plural = _("event names")

    def __str__(self) -> str:
        return self.name


class UsageUser(models.Model):
    """A user of our product at one account, as the sender names them."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="usage_users")
    user_key = models.CharField(_("user id"), max_length=255)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="usage_users"
    )
    alias_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="aliases"
    )
    traits_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "user_key"], name="scoring_usage_user"),
        ]
        indexes = [models.Index(fields=["user_key"], name="scoring_usage_user_key")]

    def __str__(self) -> str:
        return self.user_key


class UserAlias(models.Model):
    """From its arrival on, events of `previous_key` are those of `user_key`."""

    previous_key = models.CharField(max_length=255, primary_key=True)
    user_key = models.CharField(max_length=255, db_index=True)
    occurred_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.previous_key} → {self.user_key}"


class Event(models.Model):
    """One use of the product by an account. Partitioned by day of receipt: retention is a DROP.

    The table has no primary key: `EventSeen` holds what must be unique.
    """

    pk = models.CompositePrimaryKey("batch_id", "message_id")
    batch_id = models.BigIntegerField()
    message_id = models.UUIDField()
    account = models.ForeignKey(Account, models.DO_NOTHING, db_constraint=False, db_index=False)
    user = models.ForeignKey(
        UsageUser, models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    name = models.ForeignKey(EventName, models.DO_NOTHING, db_constraint=False, db_index=False)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    properties = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.name_id} @ {self.occurred_at}"


class EventQuarantine(models.Model):
    """A message whose account nobody knows yet; released, with today's known time, once known."""

    write_key = models.ForeignKey(WriteKey, models.PROTECT, db_index=False)
    batch_id = models.BigIntegerField()
    message_id = models.UUIDField()
    kind = models.CharField(_("kind"), max_length=8, choices=EventKind)
    group_key = models.CharField(_("account id"), max_length=128, null=True)
    user_key = models.CharField(_("user id"), max_length=255, null=True)
    name = models.CharField(_("event"), max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(_("received"))
    properties = models.JSONField(null=True)

    class Meta:
        verbose_name = _("event of an unknown account")
        verbose_name_plural = _("events of unknown accounts")
        indexes = [
            models.Index(fields=["group_key"], name="scoring_quarantine_group"),
            models.Index(
                fields=["user_key"],
                condition=Q(group_key__isnull=True),
                name="scoring_quarantine_user",
            ),
            BrinIndex(fields=["received_at"], name="scoring_quarantine_received"),
        ]

    def __str__(self) -> str:
        return f"{self.group_key or self.user_key} @ {self.occurred_at}"


class WaitingKey(models.Model):
    """An id nobody knows yet and how many messages wait for it; a trigger counts them.

    It keeps the page of what waits and the release of what was found from reading the quarantine.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=WaitingFor)
    key = models.CharField(_("id"), max_length=255)
    write_key = models.ForeignKey(WriteKey, models.PROTECT, verbose_name=_("sent with"))
    events = models.BigIntegerField(_("events"))
    first_at = models.DateTimeField(_("first received"))
    last_at = models.DateTimeField(_("last received"))

    objects = WaitingKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("unknown id")
        verbose_name_plural = _("unknown ids")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="scoring_waiting_key"),
        ]
        indexes = [
            models.Index(fields=["events", "id"], name="scoring_waiting_events"),
            models.Index(fields=["last_at", "id"], name="scoring_waiting_last"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.events}"


class Source(models.Model):
    """A write key feeds an account: when it first and last did. Imports do not count."""

    write_key = models.ForeignKey(WriteKey, models.PROTECT)
    account = models.ForeignKey(Account, models.CASCADE, related_name="sources")
    first_event_at = models.DateTimeField(_("first event received"))
    last_event_at = models.DateTimeField(_("last event received"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "write_key"], name="scoring_source_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.write_key_id} → {self.account_id}"


class SourceDay(models.Model):
    """Something arrived with a write key, for anybody, on a day of the organisation.

    Kept for the replay of past days: silence of a live source is 0, of a dead one unknown.
    Of the items that arrived, `repeated` were known already, `late` happened on a day before,
    `unknown` named an account or a person nobody knew.
    """

    pk = models.CompositePrimaryKey("write_key", "day")
    write_key = models.ForeignKey(WriteKey, models.PROTECT)
    day = models.DateField()
    last_arrival_at = models.DateTimeField()
    items = models.BigIntegerField()
    repeated = models.BigIntegerField(default=0, db_default=0)
    late = models.BigIntegerField(default=0, db_default=0)
    unknown = models.BigIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.write_key_id} @ {self.day}"


class SourceFault(models.Model):
    """What was wrong with messages of a write key on a day: one line a reason and field.

    Kept by reason only: the field is the outermost one, and nothing that was sent is stored.
    """

    pk = models.CompositePrimaryKey("write_key", "day", "code", "field", "is_body")
    write_key = models.ForeignKey(WriteKey, models.PROTECT)
    day = models.DateField()
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=120)
    is_body = models.BooleanField()
    n = models.BigIntegerField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.write_key_id} @ {self.day}: {self.code}"


class ClosedDay(models.Model):
    """The official run of this day has begun: no roll-up known on it is ever written again."""

    day = models.DateField(primary_key=True)
    closed_at = models.DateTimeField(db_default=AppNow())

    def __str__(self) -> str:
        return str(self.day)
