"""What rows said before they were changed, kept by the tables themselves.

A past day must be computed with what was known then. Columns that are no dated facts leave what
they said in these tables with the instant of the change, whoever wrote it: a form, an import, a
merge, an undo. What a row said at k is its earliest entry here after k, or else what it says now.
"""

# ruff: noqa: S608 -- SQL is composed of our own text.

import pgtrigger
from django.db import models

CONTRACT = (
    *("product", "starts_on", "ends_on", "auto_renews", "notice_months", "notice_received_on"),
    "archived_at",
)
CONTACT = ("left_on", "archived_at")


def keeps_what_it_said(table: str, link: str, columns: tuple[str, ...]) -> pgtrigger.Trigger:
    """Return the trigger that writes a row's columns into `table` before they change.

    The change is known since the row's `updated_at`, which every writer sets.
    """
    return pgtrigger.Trigger(
        name="keep_what_it_said",
        operation=pgtrigger.Update,
        when=pgtrigger.After,
        condition=pgtrigger.AnyChange(*columns),
        func=(
            f"INSERT INTO {table} ({link}, {', '.join(columns)}, retracted_at)"
            f" VALUES (OLD.id, {', '.join(f'OLD.{column}' for column in columns)},"
            " CASE WHEN NEW.updated_at > OLD.updated_at THEN NEW.updated_at"
            " ELSE app_now() END); RETURN NULL;"
        ),
    )


class ContractBefore(models.Model):
    """A contract said this until `retracted_at`."""

    contract = models.ForeignKey(
        "accounts.Contract", models.CASCADE, related_name="+", db_constraint=False
    )
    product = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    auto_renews = models.BooleanField()
    notice_months = models.PositiveSmallIntegerField()
    notice_received_on = models.DateField(null=True)
    archived_at = models.DateTimeField(null=True)
    retracted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["retracted_at"], name="accounts_contract_before")]

    def __str__(self) -> str:
        return f"{self.contract_id} until {self.retracted_at}"


class ContactBefore(models.Model):
    """A contact said this until `retracted_at`."""

    contact = models.ForeignKey(
        "accounts.Contact", models.CASCADE, related_name="+", db_constraint=False
    )
    left_on = models.DateField(null=True)
    archived_at = models.DateTimeField(null=True)
    retracted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["retracted_at"], name="accounts_contact_before")]

    def __str__(self) -> str:
        return f"{self.contact_id} until {self.retracted_at}"
