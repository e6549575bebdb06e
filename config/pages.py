"""Pages of the frame itself: the phone's menu, and the style guide in development."""

from typing import Any, cast

from allauth.account import views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import can_generate_recovery_codes
from allauth.mfa.recovery_codes.views import generate_recovery_codes, view_recovery_codes
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.transports import mails_leave_the_house
from config.lib.navigation import Link, links
from config.lib.toasts import say
from config.styleguide import ExampleForm, examples


@require_safe
@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers and readers that look for the icon at the root to where it is."""
    return redirect(static("img/mark.svg"))


@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    """Every page of the frame as one list: what the phone's last tab opens."""
    return render(request, "frame/menu.html")


@require_safe
def settings_index(request: HttpRequest) -> HttpResponse:
    """Every page of settings this user may open, with a sentence each, section by section."""
    sections: dict[Any, list[Link]] = {}
    for link in links("settings", user=request.user, path=request.path):
        sections.setdefault(str(link.section), []).append(link)
    return render(request, "frame/settings.html", {"sections": sections})


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Ask somebody without a password here to sign in through the company once more."""
    return render(request, "socialaccount/sign_in_again.html")


@login_not_required
def password_reset(request: HttpRequest) -> HttpResponseBase:
    """Send a link to who forgot a password; where no mail leaves, say who has one."""
    if not mails_leave_the_house():
        return render(request, "account/password_reset_by_hand.html")
    answer: HttpResponseBase = views.password_reset(request)
    return answer


def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    """Show the codes; who has none yet is led to where they are made."""
    if not Authenticator.objects.filter(
        user=cast(Any, request.user), type=Authenticator.Type.RECOVERY_CODES
    ).exists():
        return redirect("mfa_generate_recovery_codes")
    answer: HttpResponseBase = view_recovery_codes(request)
    return answer


def recovery_codes_new(request: HttpRequest) -> HttpResponseBase:
    """Make codes; without a second step they would open nothing, so that is set up first."""
    if not can_generate_recovery_codes(request.user):
        say(request, _("Recovery codes come with a second step: set up one first."))
        return redirect("mfa_index")
    answer: HttpResponseBase = generate_recovery_codes(request)
    return answer


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component. Only routed where STYLEGUIDE is on."""
    return render(request, "config/styleguide.html", examples())


@login_not_required
def styleguide_dialog(request: HttpRequest) -> HttpResponse:
    """Show a form as a dialog where htmx asks for it, else as a page of its own."""
    htmx = request.headers.get("HX-Request") == "true"
    template = "config/styleguide_dialog.html" if htmx else "config/styleguide_form.html"
    form = ExampleForm(prefix="dialog", initial={"kind": "call"})
    return render(request, template, {"form": form})
