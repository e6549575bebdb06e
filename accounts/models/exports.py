"""Files people take out of the product: what was asked for, what it holds, how long it is kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import ExportFormat, ExportHeader, ExportKind
from accounts.models.contact import Contact
from accounts.models.jobs import Job, private_path
from accounts.querysets import ExportQuerySet


class Export(models.Model):
    """One file made for one person: a list as they saw it, everything, or all about somebody.

    `query` is the list's address behind the question mark. What the file holds is decided when
    the job runs, by what its owner may see then.
    """

    job = models.OneToOneField(Job, models.CASCADE, related_name="export")
    kind = models.CharField(
        _("kind"), max_length=10, choices=ExportKind, default=ExportKind.LIST, editable=False
    )
    source = models.CharField(_("list"), max_length=60, blank=True)
    query = models.TextField(_("rules"), blank=True)
    format = models.CharField(
        _("format"), max_length=4, choices=ExportFormat, default=ExportFormat.CSV
    )
    header = models.CharField(
        _("headers"), max_length=6, choices=ExportHeader, default=ExportHeader.LABELS
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="exports"
    )
    file = models.FileField(_("file"), upload_to=private_path, blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    expires_at = models.DateTimeField(_("file kept until"))

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [models.Index(fields=["expires_at"], name="accounts_export_expires")]

    def __str__(self) -> str:
        return self.file_name or f"{self.source or self.kind} {self.pk}"
