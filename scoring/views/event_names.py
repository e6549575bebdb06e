"""The events of the product: which names came, and what each of them means."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, history_of, posted, to_change
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator
from config.lib.toasts import say
from scoring.forms.event_names import EventNameForm
from scoring.models import EventName
from scoring.services.event_names import CHANGEABLE, give_meaning
from scoring.views.quality import ROWS_A_PAGE, for_keepers


@require_safe
@for_keepers
def event_list(request: HttpRequest) -> HttpResponse:
    """Show every name of an event with what it says and how it is counted."""
    rows = EventName.objects.visible_to(request.user).asked(request.GET)
    page = KeysetPaginator(rows, order="name", size=ROWS_A_PAGE).page(request.GET.get("cursor"))
    context = {
        "page": page,
        "current": "events",
        "q": request.GET.get("q", "").replace("\0", ""),
        "open": bool(request.GET.get("open")),
    }
    return render(request, "scoring/quality_events.html", context)


@for_keepers
@editing(EventName)
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an event means."""
    event = to_change(EventName.objects.all(), request, pk)
    page = FormPage(
        _("What “%(event)s” means") % {"event": event},
        _("Save"),
        _("Events"),
        reverse("scoring:event_names"),
        note=_("Scores of all accounts are computed anew."),
        history=history_of(event),
    )

    def save(values: dict[str, Any]) -> str:
        give_meaning(event=event, changes=values, by=cast(User, request.user), at=app_now())
        say(request, _("What the event means was saved."))
        return page.back

    form = EventNameForm(
        posted(request), initial={name: getattr(event, name) for name in CHANGEABLE}
    )
    return answer_form(request, form, page, save)
