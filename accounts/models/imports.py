"""What an import leaves behind beside the records: its mapping, its preview, its trace."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import ChangeKind, EffectKind
from accounts.models.jobs import ImportRun, Job
from accounts.querysets import ImportMappingQuerySet, ImportUndoQuerySet
from config.lib.clock import AppNow


class ImportMapping(models.Model):
    """Which column of a file is which field, kept by name for the next file of that shape."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20)
    header = models.JSONField(_("headers"), default=list, blank=True)
    mapping = models.JSONField(_("mapping"), default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="import_mappings"
    )
    is_shared = models.BooleanField(_("shared with everybody"), default=False)
    created_at = models.DateTimeField(db_default=AppNow(), editable=False)
    updated_at = models.DateTimeField(db_default=AppNow(), editable=False)

    objects = ImportMappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("import mapping")
        verbose_name_plural = _("import mappings")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "name"], name="accounts_import_mapping_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def use(self) -> str:
        """Return how an address names it."""
        return f"mapping:{self.pk}"


class ImportChange(models.Model):
    """What one row of a previewed file would do, field by field; removed with the file."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="changes")
    line = models.PositiveIntegerField(_("row"))
    kind = models.CharField(_("what happens"), max_length=10, choices=ChangeKind)
    label = models.TextField(_("record"), blank=True)
    #: `[[column, before, after], …]`; None where there was nothing or nothing is left.
    fields = models.JSONField(_("fields"), default=list)
    #: Of a new record what it may be already.
    twin = models.TextField(blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("change of an import")
        verbose_name_plural = _("changes of an import")
        constraints = [
            models.UniqueConstraint(fields=["run", "line"], name="accounts_import_change_line"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.label}"


class ImportEffect(models.Model):
    """Rows of one table an import wrote in one way, so that it can be taken back."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="effects")
    table = models.CharField(max_length=63)
    kind = models.CharField(max_length=10, choices=EffectKind)
    ids = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"{self.table}: {self.kind}"


class ImportUndo(models.Model):
    """An import taken back, once or bit by bit; the result of its job says what is left."""

    run = models.OneToOneField(ImportRun, models.CASCADE, related_name="undo")
    job = models.OneToOneField(Job, models.CASCADE, related_name="import_undo")

    objects = ImportUndoQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.run}"
