"""What reaches far asks once more who it is, also of people who have no password here.

django-allauth asks for password, code or passkey; whoever only signs in through the company has
none of them, so for them the sign-in itself must be recent.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.back import back

View = Callable[..., HttpResponse]


def recent_sign_in_required(view: View) -> View:
    """Open a view only to somebody who has just shown who they are."""
    confirmed = reauthentication_required(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if get_adapter(request).get_reauthentication_methods(request.user):
            return confirmed(request, *args, **kwargs)  # type: ignore[no-any-return]
        if _signed_in_recently(request):
            return view(request, *args, **kwargs)
        is_read = request.method in {"GET", "HEAD"}
        query = urlencode({"next": request.get_full_path() if is_read else back(request).url})
        return redirect(f"{reverse('account_sign_in_again')}?{query}")

    return guarded


def has_shown_who_it_is(request: HttpRequest) -> bool:
    """Say whether the session behind a request has just done so, for what is no page."""
    if get_adapter(request).get_reauthentication_methods(request.user):
        return bool(did_recently_reauthenticate(request))
    return _signed_in_recently(request)


def _signed_in_recently(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    last = max((record["at"] for record in records), default=0)
    return bool(time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
