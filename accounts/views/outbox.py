"""The outbox: every mail we wrote, what became of it, and what a person decides about doubt.

Links in a mail belong to its addressee. They are shown only where OUTBOX_SHOWS_LINKS says so, as
in the demo, where the outbox is the only place a mail arrives.
"""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import MailState, UserRole
from accounts.domain.mail_links import fill_links, hide_links
from accounts.models import MailMessage
from accounts.services.outbox import confirm_mail_sent, resend_mails
from accounts.transports import mail_states, mails_leave_the_house
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator
from config.lib.toasts import say

MAILS_A_PAGE = 50
_ADDRESS = re.compile(r"(https?://[^\s<>\"']+)")


@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """Show the mails to people the user may see, newest first."""
    mails = MailMessage.objects.visible_to(request.user).select_related("account", "contact")
    state = request.GET.get("state", "")
    if state in MailState.values:
        mails = mails.filter(state=state)
    page = KeysetPaginator(mails, order="-created_at", size=MAILS_A_PAGE).page(
        request.GET.get("cursor")
    )
    context = {
        "page": page,
        "state": state,
        "states": mail_states(),
        "leave": mails_leave_the_house(),
    }
    return render(request, "accounts/mail_list.html", context)


@require_safe
def mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail as its addressee reads it."""
    mail = _mail(request, pk)
    context = {
        "mail": mail,
        "parts": _parts(mail),
        "leave": mails_leave_the_house(),
        "decides": _decides(request.user),
    }
    return render(request, "accounts/mail_detail.html", context)


@require_POST
def mail_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed or doubtful mail again; for administrators."""
    mail = _mail(request, pk, deciding=True)
    if resend_mails(mail_ids=[mail.pk], at=app_now()):
        say(request, _("The mail is queued again."))
    return redirect("accounts:mail_detail", pk=pk)


@require_POST
def mail_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a doubtful mail did arrive; for administrators."""
    mail = _mail(request, pk, deciding=True)
    if confirm_mail_sent(mail_id=mail.pk, at=app_now()):
        say(request, _("The mail counts as sent."))
    return redirect("accounts:mail_detail", pk=pk)


def _mail(request: HttpRequest, pk: int, *, deciding: bool = False) -> MailMessage:
    mails = MailMessage.objects.visible_to(request.user).select_related("account", "contact")
    if deciding and not _decides(request.user):
        mails = mails.none()
    return get_object_or_404(mails, pk=pk)  # type: ignore[no-any-return]


def _decides(user: Any) -> bool:
    return bool(user.role == UserRole.ADMINISTRATOR)


def _parts(mail: MailMessage) -> list[tuple[str, bool]]:
    """Cut the text at its addresses; the flag says which part is one and may be followed."""
    if settings.OUTBOX_SHOWS_LINKS:
        secret = settings.SECRET_KEY.encode()
        text = fill_links(mail.body_text, mail_key=mail.key, secret=secret)
    else:
        text = hide_links(mail.body_text)
    return [
        (part, bool(number % 2) and settings.OUTBOX_SHOWS_LINKS)
        for number, part in enumerate(_ADDRESS.split(text))
    ]
