"""The customer's people: a page for each, and everything that can happen to them."""

import datetime as dt
from typing import Any, cast

from django.core import signing
from django.core.exceptions import BadRequest
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import ContactState, Language, RecordKind, Seniority, StakeholderRoleKind
from accounts.forms.contacts import (
    ContactForm,
    ContactMoveForm,
    ContactStateForm,
    GhostForm,
    NewContactForm,
    PlaceForm,
    open_accounts,
)
from accounts.models import Account, Contact, Erasure, Organisation, User
from accounts.querysets import reach_of
from accounts.registry import contact_panels
from accounts.selectors.contacts import contact_page
from accounts.selectors.seniority import seniority_of
from accounts.services.contact_moves import introduce_contact, move_contact, succeed_contact
from accounts.services.contact_undo import remember_contact, restore_contact, take_back_change
from accounts.services.contacts import archive_contact, update_contact
from accounts.services.map_places import add_contact, confirm_roles, place_contact, place_of
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, posted, to_change
from accounts.views.once import Made
from config.lib.clock import app_now
from config.lib.toasts import say

form_methods = require_http_methods(["GET", "HEAD", "POST"])
#: Where the map shows the person one chose.
BESIDE = "map-person"


@require_safe
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person: facts, parts, standing, lines, talks, and what was noted of them."""
    people = Contact.objects.visible_to(request.user)
    contact = get_object_or_404(people.select_related("account", "successor"), pk=pk)
    at = app_now()
    page = contact_page(contact=contact, user=request.user, at=at)
    editable = Contact.objects.editable_by(request.user).filter(pk=pk).exists()
    is_erased = contact.archived_at is not None and Erasure.objects.has_erased(contact)
    context: dict[str, Any] = {
        "contact": contact,
        "is_erased": is_erased,
        "account": reach_of(request.user).told(contact.account),
        "page": page,
        "state_label": ContactState(page.state.state).label,
        "announced_label": page.announced and ContactState(page.announced.state).label,
        "state_rows": [(row.starts_on, ContactState(row.state).label) for row in page.states],
        "seniority": dict(Seniority.choices).get(seniority_of(contact.title), ""),
        "language_label": dict(Language.choices).get(contact.language, contact.language),
        "moved_from": people.filter(pk=contact.moved_from_id).select_related("account").first(),
        "panels": _panels(contact, request, at),
        "editable": editable and contact.archived_at is None,
        "restorable": editable and not is_erased,
    }
    return render(request, "accounts/contact_detail.html", context)


@form_methods
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Introduce a person at an account."""
    account = to_change(Account.objects.unarchived(), request, pk, kind=RecordKind.CONTACT)
    asked = request.GET.get("role", "")
    roles = [asked] if asked in StakeholderRoleKind.values else []
    form = NewContactForm(posted(request), initial={"roles": roles})
    page = FormPage(
        title=_("New contact"),
        submit=_("Add"),
        crumb=account,
        back=reverse("accounts:map", args=[account.pk]),
    )

    def save(values: dict[str, Any]) -> str:
        contact = add_contact(account=account, at=app_now(), by=_me(request), **values)
        say(request, _("The contact was added."))
        return Made(reverse("accounts:contact_detail", args=[contact.pk]), contact)

    return answer_form(request, form, page, save)


@editing(Contact)
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change who a person is and how to reach them."""
    contact = _to_change(request, pk)
    form = ContactForm(posted(request), initial=model_to_dict(contact))

    def save(values: dict[str, Any]) -> str:
        now, before = app_now(), remember_contact(contact)
        changes = {name: values[name] for name in form.changed_data}
        update_contact(contact=contact, changes=changes, at=now, by=_me(request))
        _say_done(request, contact, before, now, _("The contact was changed."))
        return _page_of(contact)

    return answer_form(request, form, _form_page(contact, _("Edit contact"), _("Save")), save)


@editing(Contact)
def contact_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what became of a person, from a day that may lie ahead, and who follows them."""
    contact = _to_change(request, pk)
    today = Organisation.objects.day_of(app_now())
    initial = {"state": contact.state, "on": today, "successor": contact.successor_id}
    form = ContactStateForm(
        posted(request), contact=contact, user=request.user, day=today, initial=initial
    )
    note = _("Who leaves or is transferred puts their roles down on that day.")

    def save(values: dict[str, Any]) -> str:
        now, before = app_now(), remember_contact(contact)
        succeed_contact(
            contact=contact,
            state=values["state"],
            on=values["on"],
            successor=values["successor"],
            newcomer=form.newcomer(),
            at=now,
            by=_me(request),
        )
        _say_done(request, contact, before, now, _("The new state was noted."))
        return _page_of(contact)

    page = _form_page(contact, _("Change of state"), _("Save"), note)
    return answer_form(request, form, page, save)


@editing(Contact)
def contact_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and change a person's place on the map: parts, standing, lines, what to tell them."""
    contact = _to_change(request, pk)
    day = Organisation.objects.day_of(app_now())
    form = PlaceForm(
        posted(request),
        contact=contact,
        user=request.user,
        day=day,
        place=place_of(contact, day=day),
    )

    def save(values: dict[str, Any]) -> str:
        now, before = app_now(), remember_contact(contact)
        place_contact(
            contact=contact,
            place=form.place(),
            on=values["on"],
            is_confirmed=values["is_confirmed"],
            at=now,
            by=_me(request),
            **form.notes(),
        )
        _say_done(request, contact, before, now, _("The place on the map was changed."))
        return _map_of(contact, request.user)

    page = _form_page(contact, _("Place on the map"), _("Save"))
    if request.headers.get("HX-Target") == BESIDE:
        return answer_form(request, form, page, save, dialog="accounts/contact_beside.html")
    return answer_form(request, form, page, save)


@form_methods
def contact_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person go on to another customer and say what is different there."""
    contact = _to_change(request, pk)
    today = Organisation.objects.day_of(app_now())
    form = ContactMoveForm(
        posted(request), accounts=open_accounts(request.user), initial={"on": today}
    )
    note = _("The person leaves %(account)s and becomes a contact of the other customer.") % {
        "account": reach_of(request.user).told(contact.account)
    }

    def save(values: dict[str, Any]) -> str:
        there = move_contact(contact=contact, at=app_now(), by=_me(request), **values)
        say(request, _("The person is a contact of the other customer now."))
        return _page_of(there)

    page = _form_page(contact, _("Moved to another customer"), _("Move"), note)
    return answer_form(request, form, page, save)


@editing(Contact)
def contact_introduce(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who somebody is who was only seen in usage."""
    contact = _to_change(request, pk)
    form = GhostForm(posted(request), initial=model_to_dict(contact))

    def save(values: dict[str, Any]) -> str:
        now, before = app_now(), remember_contact(contact)
        introduce_contact(contact=contact, fields=values, at=now, by=_me(request))
        _say_done(request, contact, before, now, _("The person is known now."))
        return _map_of(contact, request.user)

    note = _("Seen in usage as %(id)s.") % {"id": contact.email or contact.external_id}
    page = _form_page(contact, _("Introduce a person"), _("Introduce"), note)
    return answer_form(request, form, page, save, acts=True)


@require_POST
def contact_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the parts of a person as of today, one of them or all."""
    contact = _to_change(request, pk)
    now, before = app_now(), remember_contact(contact)
    role = request.POST.get("role", "")
    confirm_roles(contact=contact, role=role, at=now, by=_me(request))
    _say_done(request, contact, before, now, _("The roles are confirmed."))
    return _back(request, contact)


@require_POST
def contact_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a person out of every list; the toast takes it back."""
    contact = _to_change(request, pk)
    archive_contact(contact=contact, at=app_now(), by=_me(request))
    undo = reverse("accounts:contact_restore", args=[contact.pk])
    say(request, _("The contact was archived."), undo=undo)
    return redirect(_map_of(contact, request.user))


@require_POST
def contact_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an archived person back."""
    contact = to_change(Contact.objects.all(), request, pk)
    restore_contact(contact=contact, at=app_now(), by=_me(request))
    say(request, _("The contact is back."))
    return redirect(_page_of(contact))


@require_POST
def contact_undo(request: HttpRequest, pk: int, change: str) -> HttpResponse:
    """Take the change back that a toast was about."""
    contact = to_change(Contact.objects.all(), request, pk)
    try:
        before, written = signing.loads(change, salt=_salt(contact))
    except signing.BadSignature as error:
        raise BadRequest from error
    written_at = dt.datetime.fromisoformat(written)
    take_back_change(
        contact=contact, before=before, written_at=written_at, at=app_now(), by=_me(request)
    )
    say(request, _("Taken back."))
    return _back(request, contact)


def _panels(contact: Contact, request: HttpRequest, at: dt.datetime) -> list[dict[str, Any]]:
    """Return what upper apps have to show of the person, in order."""
    members = sorted(contact_panels.members(), key=lambda panel: (panel.order, panel.key))
    shown = [(panel, panel.context(contact=contact, user=request.user, at=at)) for panel in members]
    return [{"template": panel.template, **context} for panel, context in shown if context]


def _say_done(
    request: HttpRequest, contact: Contact, before: int, at: dt.datetime, text: str
) -> None:
    change = signing.dumps([before, at.isoformat()], salt=_salt(contact))
    say(request, text, undo=reverse("accounts:contact_undo", args=[contact.pk, change]))


def _salt(contact: Contact) -> str:
    return f"contact-undo-{contact.pk}"


def _to_change(request: HttpRequest, pk: int) -> Contact:
    rows = Contact.objects.filter(archived_at=None).select_related("account", "successor")
    contact: Contact = to_change(rows, request, pk)
    return contact


def _form_page(contact: Contact, title: str, submit: str, note: str = "") -> FormPage:
    return FormPage(title=title, submit=submit, crumb=contact, back=_page_of(contact), note=note)


def _back(request: HttpRequest, contact: Contact) -> HttpResponse:
    """Return to the map where the change was asked for there, else to the person."""
    came_from = request.headers.get("Referer", "")
    here = _map_of(contact, request.user)
    return redirect(here if here in came_from else _page_of(contact))


def _page_of(contact: Contact) -> str:
    return reverse("accounts:contact_detail", args=[contact.pk])


def _map_of(contact: Contact, user: Any) -> str:
    """Return the address of the map a person stands on, or of their page where it is not seen."""
    account = reach_of(user).told(contact.account)
    return reverse("accounts:map", args=[account.pk]) if account.pk else _page_of(contact)


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)
