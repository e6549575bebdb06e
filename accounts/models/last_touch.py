"""The last two-way touch of each account, as the triggers beside it keep it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account


class AccountTouch(models.Model):
    """When people of both sides last talked; no row or no value where they never did.

    The key is not held by the database: triggers write here while accounts are being deleted.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, primary_key=True, related_name="touch", db_constraint=False
    )
    last_two_way_at = models.DateTimeField(_("last talk"), null=True, editable=False)

    class Meta:
        verbose_name = _("last talk of an account")
        verbose_name_plural = _("last talks of accounts")
        indexes = [
            models.Index(fields=["last_two_way_at", "account"], name="accounts_touch_last"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.last_two_way_at}"
