"""Pages of the frame itself: the phone's menu, and the style guide in development."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.styleguide import ExampleForm, examples


def menu(request: HttpRequest) -> HttpResponse:
    """Every page of the frame as one list: what the phone's last tab opens."""
    return render(request, "frame/menu.html")


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
