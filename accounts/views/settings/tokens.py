"""Everybody's own keys to the API."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.house import TokenForm
from accounts.models import ApiToken, User
from accounts.services.tokens import create_api_token, revoke_api_token
from accounts.views.form_pages import FormPage, answer_form, posted
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


@require_http_methods(["GET", "HEAD", "POST"])
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then take a key back; what uses it is refused from now on."""
    user = cast(User, request.user)
    token = get_object_or_404(ApiToken, user=user, pk=pk)
    page = FormPage(
        title=_("Revoke “%(name)s”") % {"name": token.name},
        submit=_("Revoke"),
        crumb=_("API tokens"),
        back=reverse("accounts:settings_tokens"),
        note=_("Programs that use this token are refused from now on. It can't be undone."),
    )

    def save(values: dict[str, Any]) -> str:
        revoke_api_token(token=token, at=app_now(), by=user)
        say(request, _("The token is revoked."))
        return page.back

    return answer_form(request, forms.Form(posted(request)), page, save)
