"""Language and theme from the frame: stored with the person, in a cookie while signed out."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.choices import Language, Theme
from accounts.models import User
from accounts.services.preferences import set_preferences

COOKIE_AGE_SECONDS = 365 * 24 * 3600


class PreferencesForm(forms.Form):
    """One of the two; what is absent stays as it is."""

    language = forms.ChoiceField(choices=Language.choices, required=False)
    theme = forms.ChoiceField(choices=Theme.choices, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Store what was chosen and go back to the page it was chosen on; without, lead to the menu."""
    if request.method != "POST":
        return redirect("menu")
    form = PreferencesForm(request.POST)
    response = HttpResponseRedirect(_page_to_keep(request))
    if not form.is_valid():
        return response
    language, theme = form.cleaned_data["language"], form.cleaned_data["theme"]
    if isinstance(request.user, User):
        set_preferences(user=request.user, language=language, theme=theme)
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=COOKIE_AGE_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _page_to_keep(request: HttpRequest) -> str:
    page = request.POST.get("next", "")
    hosts = {request.get_host()}
    return page if url_has_allowed_host_and_scheme(page, hosts, request.is_secure()) else "/"
