"""Mails and suppressed addresses for operators: look, send again, lift."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin.base import ReadOnlyAdmin
from accounts.models import MailMessage, Suppression
from accounts.services.outbox import lift_suppressions, resend_mails
from accounts.transports import mail_states
from config.lib.clock import app_now


@admin.register(MailMessage)
class MailMessageAdmin(ReadOnlyAdmin):
    """Texts carry placeholders where links hold their secret, so nothing secret shows here."""

    search_fields = ("key", "to_address", "subject")
    date_hierarchy = "created_at"
    list_display = ("key", "said_state", "to_address", "attempts", "last_error", "created_at")
    list_filter = ("state",)
    ordering = ("-created_at", "-pk")
    actions = ("send_again",)

    @admin.display(description=_("State"), ordering="state")
    def said_state(self, mail: MailMessage) -> Any:
        """Return what the state means here: without a mail server, mails are only kept."""
        return dict(mail_states())[mail.state]

    @admin.action(description=_("Send failed and doubtful mails again"))
    def send_again(self, request: HttpRequest, mails: QuerySet[Any]) -> None:
        """Queue the chosen dead mails again."""
        again = resend_mails(mail_ids=mails.values_list("pk", flat=True), at=app_now())
        words = ngettext("%(n)d mail is queued again.", "%(n)d mails are queued again.", again)
        messages.success(request, words % {"n": again})


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    date_hierarchy = "created_at"
    list_display = ("__str__", "reason", "created_at", "lifted_at")
    list_filter = ("reason",)
    ordering = ("-created_at", "-pk")
    actions = ("lift",)

    @admin.action(description=_("Lift: the person asked to hear from us again"))
    def lift(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Allow mails to the chosen addresses again."""
        lifted = lift_suppressions(suppression_ids=rows.values_list("pk", flat=True), at=app_now())
        words = ngettext("%(n)d address is free again.", "%(n)d addresses are free again.", lifted)
        messages.success(request, words % {"n": lifted})
