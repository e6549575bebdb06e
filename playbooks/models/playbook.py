"""What is to be done when something happens to an account: the playbook and its versions."""

import pghistory
import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.lib.clock import AppNow
from playbooks.choices import VersionState
from playbooks.domain.definition import Definition, read_definition
from playbooks.models.words import in_reading_language
from playbooks.querysets import PlaybookQuerySet, VersionQuerySet


@pghistory.track(exclude=["updated_at"])
class Playbook(models.Model):
    """A named reaction. Switched on, it starts at episodes that begin after `active_since`."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_ja = models.CharField(_("name in Japanese"), max_length=120)
    is_active = models.BooleanField(_("switched on"), default=False)
    active_since = models.DateTimeField(_("switched on at"), null=True, blank=True)
    starter_digest = models.CharField(max_length=64, blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=AppNow(), editable=False)

    objects = PlaybookQuerySet.as_manager()

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(active_since__isnull=False),
                name="playbooks_active_has_start",
            ),
        ]

    def __str__(self) -> str:
        return in_reading_language(en=self.name_en, ja=self.name_ja)


class PlaybookVersion(models.Model):
    """One wording of a playbook. Published it never changes; runs keep the version they began with.

    `definition` is described in `playbooks.domain.definition`.
    """

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT
    )
    definition = models.JSONField(_("definition"), encoder=DjangoJSONEncoder)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), db_default=AppNow(), editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("playbook version")
        verbose_name_plural = _("playbook versions")
        constraints = [
            models.UniqueConstraint(
                fields=["playbook", "number"], name="playbooks_version_number_unique"
            ),
            models.UniqueConstraint(
                fields=["playbook"],
                condition=Q(state=VersionState.DRAFT),
                name="playbooks_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT) | Q(published_at__isnull=False),
                name="playbooks_published_has_date",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=VersionState.PUBLISHED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.playbook} v{self.number}"

    def read(self) -> Definition:
        """Return the definition as values.

        :raises BadDefinition: for a draft with faults; a published version has none.
        """
        return read_definition(self.definition)
