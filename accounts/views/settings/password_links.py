"""Letting a colleague set a password: by a link in a mail, or handed over where no mail leaves.

The link opens somebody's account: it is made by administrators who have just shown who they are,
shown this once, and written nowhere.
"""

import logging
import smtplib
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.transports import mails_leave_the_house
from accounts.views.settings.access import for_administrators
from config.lib.recent_sign_in import recent_sign_in_required
from config.lib.toasts import say

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@recent_sign_in_required
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a colleague a link to set their password; show it where no mail takes it there."""
    person = get_object_or_404(User, pk=pk, is_active=True)
    context: dict[str, Any] = {"person": person, "mails_leave": mails_leave_the_house()}
    if request.method == "POST":
        if send_link(request, person):
            say(request, _("Sent to %(address)s.") % {"address": person.email})
            return redirect("accounts:settings_person", pk=pk)
        context["link"] = _make_link(request, person)
    return render(request, "accounts/settings/person_link.html", context)


def send_link(request: HttpRequest, person: User) -> bool:
    """Send the mail that lets somebody set a password; say whether a mail server took it."""
    form = ResetPasswordForm(data={"email": person.email})
    if not mails_leave_the_house() or not form.is_valid():
        return False
    try:
        form.save(request)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("A link to set a password was not sent: %s", type(error).__name__)
        return False
    return True


def _make_link(request: HttpRequest, person: User) -> str:
    """Return the address under which a password can be set once, as the mail would hold it."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    return str(get_adapter(request).get_reset_password_from_key_url(key))
