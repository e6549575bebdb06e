"""The pages behind the links in our mails: answer a survey, stop the mails.

Whoever holds a link is whom it was sent to; there is no session, no cookie and no script. So no
CSRF token either: a forged request would need the link, which is all the right there is.
What GET shows, only POST does. Nothing here is rendered with the request, so that nothing of it
(a session, a message, a signed-in colleague) can show.
"""

import functools
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.choices import Language
from accounts.models import Organisation
from config.lib.clock import app_now
from config.lib.formats import day, is_japanese
from config.lib.rate_limit import AddressLimiter
from surveys.domain.wording import fill
from surveys.forms import AnswerForm
from surveys.models import Invitation
from surveys.services.answers import LinkNotValid, find_invitation, submit_answer
from surveys.services.unsubscribing import find_unsubscriber, unsubscribe

View = Callable[..., HttpResponse]
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
_limiter = AddressLimiter()


def behind_a_link(view: View) -> View:
    """Wrap a page behind a link: open to anybody, limited by address, with its own headers."""

    page = require_http_methods(["GET", "HEAD", "POST"])(view)

    @functools.wraps(view)
    def limited(request: HttpRequest, link: str) -> HttpResponse:
        if _limiter.allows(
            _address(request), limit=settings.SURVEY_REQUESTS_PER_MINUTE, now=time.monotonic()
        ):
            response = _answer_or_say_not_valid(page, request, link)
        else:
            response = _page("too_many", _asked_language(request), {}, status=429)
            response["Retry-After"] = str(_limiter.seconds_left(time.monotonic()))
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return csrf_exempt(login_not_required(limited))


@behind_a_link
def survey_form(request: HttpRequest, link: str) -> HttpResponse:
    """Show the form, or take the answer."""
    at = app_now()
    invitation = find_invitation(link=link, at=at)
    language = _asked_language(request, invitation.language)
    with translation.override(language):
        form = AnswerForm(
            request.POST if request.method == "POST" else None,
            survey=invitation.wave.survey,
            language=language,
        )
        if form.is_bound and form.is_valid():
            submit_answer(link=link, answer=form.answer(), at=at)
            return _page("thanks", language, _context(invitation, form))
        return _page("form", language, _context(invitation, form))


@behind_a_link
def unsubscribe_form(request: HttpRequest, link: str) -> HttpResponse:
    """Show the button, or stop the mails at once (RFC 8058: any POST will do)."""
    invitation = find_unsubscriber(link=link)
    language = _asked_language(request, invitation.language)
    if request.method == "POST":
        unsubscribe(link=link)
    context = {"done": request.method == "POST", "organisation": Organisation.objects.get(pk=1)}
    return _page("unsubscribe", language, context)


def _answer_or_say_not_valid(view: View, request: HttpRequest, link: str) -> HttpResponse:
    try:
        return view(request, link)
    except LinkNotValid:
        context = {"organisation": Organisation.objects.get(pk=1)}
        return _page("link_not_valid", _asked_language(request), context, status=404)


def _context(invitation: Invitation, form: AnswerForm) -> dict[str, Any]:
    organisation = Organisation.objects.get(pk=1)
    contact = organisation.contact_address or settings.DEFAULT_FROM_EMAIL
    wave, survey = invitation.wave, invitation.wave.survey
    values = {
        "product": organisation.product_name or str(organisation),
        "report_on": day(wave.report_on),
        "contact": contact,
    }
    return {
        "form": form,
        "kind": form.kind,
        "text": {key: fill(text, values) for key, text in form.texts.items()},
        "wave": wave,
        "years": survey.retention_months // 12,
        "months": survey.retention_months % 12 and survey.retention_months,
        "contact": contact,
        "organisation": organisation,
    }


def _page(name: str, language: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    other = next(choice for choice in Language if choice != language)
    with translation.override(language):
        html = render_to_string(
            f"surveys/links/{name}.html",
            {**context, "language": language, "other": other},
        )
    return HttpResponse(html, status=status, headers={"Content-Language": language})


def _asked_language(request: HttpRequest, default: str = "") -> str:
    asked = request.GET.get("lang", "")
    if asked in Language.values:
        return asked
    if default:
        return default
    return str(Language.JAPANESE if is_japanese() else Language.ENGLISH)


def _address(request: HttpRequest) -> str:
    """Return who asks: behind TRUSTED_PROXIES proxies, what the outermost of them saw."""
    hops = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(forwarded) >= hops and forwarded[-hops]:
        return str(forwarded[-hops])
    return str(request.META.get("REMOTE_ADDR", ""))
