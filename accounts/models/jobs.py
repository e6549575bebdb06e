"""Long work people wait for, and the files it reads and leaves."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import JobKind, Known, Language
from accounts.querysets import ImportRunQuerySet, RequestedJobQuerySet
from config.lib.jobs import JobBase


def private_path(row: models.Model, name: str) -> str:
    """Return a place nobody can guess and nothing serves by itself, whatever the file was called.

    Django storage may be shared with other programs; the name a person gave is kept in the row.
    """
    return f"{row._meta.model_name}/{uuid.uuid4().hex}{PurePath(name).suffix.lower()[:8]}"


class Job(JobBase):
    """A piece of long work somebody asked for; errors are in `language`."""

    kind = models.CharField(_("kind"), max_length=50, choices=JobKind)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="jobs"
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.ENGLISH
    )

    objects = RequestedJobQuerySet.as_manager()

    class Meta(JobBase.Meta):
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
                name="accounts_job_due",
            ),
            models.Index(fields=["requested_by", "-id"], name="accounts_job_requested"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class ImportRun(models.Model):
    """One try to take in a file: what was sent, how it is to be read, what could not be taken.

    A preview and the import that follows are two runs of one file.
    """

    job = models.OneToOneField(Job, models.CASCADE, related_name="import_run")
    kind = models.CharField(_("kind"), max_length=20)
    is_dry_run = models.BooleanField(_("preview only"), default=False)
    is_all_or_nothing = models.BooleanField(_("all or nothing"), default=False)
    mapping = models.JSONField(_("mapping"), default=dict, blank=True)
    known = models.CharField(
        _("known since"),
        max_length=10,
        choices=Known,
        default=Known.RECORDED,
        db_default="recorded",
    )
    sheet = models.CharField(_("sheet"), max_length=120, blank=True, db_default="")
    history_context = models.UUIDField(null=True, editable=False)
    file = models.FileField(_("file"), upload_to=private_path)
    file_name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    error_file = models.FileField(_("error file"), upload_to=private_path, blank=True)
    preview = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="followed_by"
    )
    expires_at = models.DateTimeField(_("files kept until"))
    #: What it came in through; without one somebody sent a file.
    inlet = models.ForeignKey(
        "accounts.Inlet",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name=_("inlet"),
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.file_name
