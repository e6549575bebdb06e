"""Everybody's own keys to the API."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.house import TokenForm
from accounts.models import ApiToken, User
from accounts.services.tokens import create_api_token, revoke_api_token
from accounts.views.form_pages import posted
from config.lib.clock import app_now
from config.lib.recent_sign_in import recent_sign_in_required
from config.lib.toasts import say


@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    """Show the keys that still open something, and those that no longer do."""
    tokens = ApiToken.objects.filter(user=cast(User, request.user)).order_by("-created_at", "-pk")
    context = {"tokens": tokens, "at": app_now()}
    return render(request, "accounts/settings/token_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this once."""
    form = TokenForm(posted(request))
    made = None
    if request.method == "POST" and form.is_valid():
        user = cast(User, request.user)
        made = create_api_token(
            user=user,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            lifetime=form.lifetime(),
            at=app_now(),
            by=user,
        )
    return render(request, "accounts/settings/token_new.html", {"form": form, "made": made})


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a key back; what uses it is refused from now on."""
    user = cast(User, request.user)
    token = get_object_or_404(ApiToken, user=user, pk=pk)
    revoke_api_token(token=token, at=app_now(), by=user)
    say(request, _("The token is revoked."))
    return redirect("accounts:settings_tokens")
