"""Pages of the frame itself: the phone's menu, and the style guide in development."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.lib.navigation import Link, links
from config.styleguide import ExampleForm, examples


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
