"""Data quality: what comes from which source, what waits for its account, what is not known.

For administrators and managers. Accounts are those the user sees; sources and unknown ids belong
to no team.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import RecordKind, Scope, UserRole
from accounts.models import User
from accounts.querysets import reach_of, steers
from accounts.selectors.leavers import leavers
from accounts.selectors.unlisted import open_choices
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, posted
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator
from config.lib.toasts import say
from scoring.choices import WaitingFor
from scoring.forms.sources import GiveForm, MakeForm, OwnerForm
from scoring.models import WaitingKey, WriteKey
from scoring.selectors.account_quality import account_lines, accounts_by_coverage
from scoring.selectors.data_quality import (
    day_lines,
    dead_batches,
    fault_lines,
    measurement_lines,
    name_told,
    source_lines,
    waiting_in_all,
)
from scoring.services.ingest.batches import replay_dead_batches
from scoring.services.waiting import give_to_account, make_account_of
from scoring.services.write_keys import update_write_key

View = Callable[..., HttpResponse]
ROWS_A_PAGE = 50
MOST_KEYS = 200
MOST_DEAD = 20
ORDERS = {"events": "-events", "newest": "-last_at", "oldest": "first_at"}


def for_keepers(view: View) -> View:
    """Let administrators and managers in and nobody else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not steers(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_keepers
def sources(request: HttpRequest) -> HttpResponse:
    """Show every source of events: alive or silent, how much came, what of it was of no use."""
    at = app_now()
    keys = WriteKey.objects.visible_to(request.user).select_related("owner")
    if not request.GET.get("revoked"):
        keys = keys.filter(revoked_at__isnull=True)
    page = KeysetPaginator(keys, order="name", size=ROWS_A_PAGE).page(request.GET.get("cursor"))
    context = {
        "page": page,
        "lines": source_lines(page.rows, at=at),
        "waiting": waiting_in_all(request.user),
        "current": "sources",
        "may_make": reach_of(request.user).role == UserRole.ADMINISTRATOR,
    }
    return render(request, "scoring/quality_sources.html", context)


@require_safe
@for_keepers
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one source: its last 30 days, what was wrong, which batches were given up."""
    at = app_now()
    key = get_object_or_404(
        WriteKey.objects.visible_to(request.user).select_related("owner", "team"), pk=pk
    )
    context = {
        "line": source_lines([key], at=at)[0],
        "days": day_lines(key, at=at),
        "faults": fault_lines(key, at=at),
        "dead": dead_batches(key)[:MOST_DEAD],
        "may_change": reach_of(request.user).role == UserRole.ADMINISTRATOR,
    }
    return render(request, "scoring/quality_source.html", context)


@for_keepers
@editing(WriteKey)
def source_owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which colleague answers for a source."""
    key = get_object_or_404(WriteKey.objects.visible_to(request.user), pk=pk)
    back = reverse("scoring:quality_source", args=[pk])
    page = FormPage(_("Who answers for it"), _("Save"), str(key), back)

    def save(values: dict[str, Any]) -> str:
        update_write_key(write_key=key, changes=values, by=cast(User, request.user))
        say(request, _("The source is saved."))
        return back

    form = OwnerForm(posted(request), initial={"owner": key.owner_id})
    return answer_form(request, form, page, save)


@require_POST
@for_keepers
def source_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the batches of a source again that were given up."""
    key = get_object_or_404(WriteKey.objects.editable_by(request.user), pk=pk)
    ids = list(dead_batches(key).values_list("pk", flat=True)[:1000])
    if replay_dead_batches(ids=ids, at=app_now()):
        say(request, _("The batches are tried again."))
    return redirect("scoring:quality_source", pk=pk)


@require_safe
@for_keepers
def unknown(request: HttpRequest) -> HttpResponse:
    """Show the ids nobody knows, with how much waits for each."""
    rows = WaitingKey.objects.visible_to(request.user).asked(request.GET)
    order = request.GET.get("order", "")
    paginator = KeysetPaginator(
        rows.select_related("write_key"), order=ORDERS.get(order, "-events"), size=ROWS_A_PAGE
    )
    context = {
        "page": paginator.page(request.GET.get("cursor")),
        "waiting": waiting_in_all(request.user),
        "current": "unknown",
        "order": order if order in ORDERS else "events",
        "kind": request.GET.get("kind", ""),
        "kinds": WaitingFor.choices,
        "q": request.GET.get("q", "").replace("\0", ""),
    }
    return render(request, "scoring/quality_unknown.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def unknown_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which account an unknown id belongs to."""
    waiting = get_object_or_404(WaitingKey.objects.visible_to(request.user), pk=pk)
    page = FormPage(
        _("Whose is “%(key)s”?") % {"key": waiting.key},
        _("Give it to the account"),
        _("Unknown ids"),
        reverse("scoring:quality_unknown"),
        note=_("What waits is counted at once and can't be taken back from the account."),
    )

    def save(values: dict[str, Any]) -> str:
        give_to_account(
            waiting=waiting, account=values["account"], by=cast(User, request.user), at=app_now()
        )
        say(request, _("The id is known now; what waited for it is being counted."))
        return page.back

    form = GiveForm(posted(request), user=request.user)
    return answer_form(request, form, page, save)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def unknown_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the account an unknown id stands for."""
    if reach_of(request.user).scope(RecordKind.ACCOUNT, write=True) == Scope.NONE:
        raise PermissionDenied
    waiting = get_object_or_404(WaitingKey.objects.visible_to(request.user), pk=pk)
    page = FormPage(
        _("New account “%(key)s”") % {"key": waiting.key},
        _("Make the account"),
        _("Unknown ids"),
        reverse("scoring:quality_unknown"),
        note=_("It carries the id as its own-system id; what waits is counted at once."),
    )

    def save(values: dict[str, Any]) -> str:
        made = make_account_of(waiting=waiting, by=cast(User, request.user), at=app_now(), **values)
        say(request, _("The account is made; what waited for it is being counted."))
        return reverse("accounts:detail", args=[made.pk])

    form = MakeForm(posted(request), user=request.user, initial={"name": name_told(waiting)})
    return answer_form(request, form, page, save)


@require_safe
@for_keepers
def accounts(request: HttpRequest) -> HttpResponse:
    """Show of each account how much of its score is known, what is silent, what is missing."""
    at = app_now()
    rows = accounts_by_coverage(request.user, at=at)
    page = KeysetPaginator(rows, order="known_share", size=ROWS_A_PAGE).page(
        request.GET.get("cursor")
    )
    may_map = reach_of(request.user).role == UserRole.ADMINISTRATOR
    context = {
        "page": page,
        "lines": account_lines(page.rows, at=at),
        "current": "accounts",
        "leavers": leavers() if may_map else [],
        "open_choices": open_choices() if may_map else [],
    }
    return render(request, "scoring/quality_accounts.html", context)


@require_safe
@for_keepers
def measurements(request: HttpRequest) -> HttpResponse:
    """Show which numbers other systems push, for how many accounts, and how old they are."""
    lines = list(measurement_lines(request.user, at=app_now())[: MOST_KEYS + 1])
    context = {
        "lines": lines[:MOST_KEYS],
        "more": len(lines) > MOST_KEYS,
        "current": "measurements",
    }
    return render(request, "scoring/quality_measurements.html", context)
