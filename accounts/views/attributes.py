"""Attributes: declared in the settings, typed on the account."""

from typing import Any, cast

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import UserRole
from accounts.domain.formulas import FUNCTIONS
from accounts.forms.attributes import AttributeForm, AttributeValuesForm
from accounts.models import Account, AttributeDefinition, Organisation, User
from accounts.querysets import reach_of
from accounts.selectors.attributes import (
    attribute_fields,
    definitions,
    readable,
    shipped_attribute,
    shipped_attributes,
    types_of,
)
from accounts.selectors.unlisted import unlisted_words
from accounts.services.accounts import set_attributes
from accounts.services.attribute_definitions import (
    archive_attribute,
    change_attribute,
    declare_attribute,
)
from accounts.services.attribute_words import NoSuchOption, map_word
from accounts.views.account_forms import account_page, account_to_change, form_methods
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, history_of, posted
from accounts.views.once import Made
from accounts.views.rates import administrators_only
from config.lib.clock import app_now
from config.lib.formats import number
from config.lib.toasts import say

#: What stands in place of an option: the word becomes one itself, or none was picked.
AS_IT_IS, NOT_CHOSEN = "+", "-"


@require_safe
def attribute_list(request: HttpRequest) -> HttpResponse:
    """Show the attributes in use, the archived ones, and what formulas may read."""
    rows = list(AttributeDefinition.objects.order_by("place", "key"))
    members = readable(attribute_fields())
    may_write = reach_of(request.user).role == UserRole.ADMINISTRATOR
    context = {
        "rows": [row for row in rows if not row.is_archived],
        "archived": [row for row in rows if row.is_archived],
        "readable": sorted(types_of(members).items()),
        "starters": shipped_attributes(besides={row.key for row in rows}),
        "functions": FUNCTIONS,
        "may_write": may_write,
    }
    return render(request, "accounts/attribute_list.html", context)


@form_methods
def attribute_new(request: HttpRequest) -> HttpResponse:
    """Declare an attribute."""
    administrators_only(request)
    form = AttributeForm(posted(request), starter=shipped_attribute(request.GET.get("starter", "")))
    page = _page(_("New attribute"), _("Add attribute"))

    def save(values: dict[str, Any]) -> str:
        kind = values.pop("type")
        definition = declare_attribute(kind=kind, by=cast(User, request.user), **values)
        say(request, _("The attribute was added."))
        return Made(page.back, definition)

    return answer_form(request, form, page, save)


@editing(AttributeDefinition)
def attribute_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what an attribute is called, offers or computes."""
    administrators_only(request)
    definition = get_object_or_404(AttributeDefinition, pk=pk)
    form = AttributeForm(posted(request), definition=definition)
    page = _page(str(definition), _("Save"), history_of(definition))

    def save(values: dict[str, Any]) -> str:
        user = cast(User, request.user)
        change_attribute(definition=definition, changes=values, at=app_now(), by=user)
        say(request, _("The attribute was saved."))
        return page.back

    return answer_form(request, form, page, save)


@form_methods
def attribute_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what accounts say outside the list, and bring a word to the option it stands for."""
    administrators_only(request)
    rows = AttributeDefinition.objects.filter(takes_others=True, is_archived=False)
    definition = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        word, chosen = request.POST.get("word", ""), request.POST.get("option", "")
        option = "" if chosen == AS_IT_IS else chosen or NOT_CHOSEN
        user = cast(User, request.user)
        try:
            count = map_word(definition=definition, word=word, option=option, at=app_now(), by=user)
        except NoSuchOption as refusal:
            raise BadRequest(str(refusal)) from refusal
        said = ngettext(
            "“%(word)s” is mapped. %(count)s account was changed.",
            "“%(word)s” is mapped. %(count)s accounts were changed.",
            count,
        )
        say(request, said % {"word": word, "count": number(count)})
        return redirect("accounts:attribute_words", pk=pk)
    context = {
        "definition": definition,
        "words": unlisted_words(definition),
        "as_it_is": AS_IT_IS,
    }
    return render(request, "accounts/attribute_words.html", context)


@require_POST
def attribute_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an attribute out of use; the toast brings it back."""
    administrators_only(request)
    definition = get_object_or_404(AttributeDefinition, pk=pk)
    archive_attribute(definition=definition, by=cast(User, request.user))
    undo = reverse("accounts:attribute_restore", args=[pk])
    say(request, _("The attribute was archived. Its values are kept."), undo=undo)
    return redirect("accounts:attribute_list")


@require_POST
def attribute_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an attribute back into use."""
    administrators_only(request)
    definition = get_object_or_404(AttributeDefinition, pk=pk)
    archive_attribute(definition=definition, archived=False, by=cast(User, request.user))
    say(request, _("The attribute is back."))
    return redirect("accounts:attribute_list")


@editing(Account)
def account_attributes(request: HttpRequest, pk: int) -> HttpResponse:
    """Type the custom attributes of an account."""
    account = account_to_change(request, pk)
    now = app_now()
    form = AttributeValuesForm(
        posted(request),
        definitions=definitions(),
        values=account.attributes,
        today=Organisation.objects.day_of(now),
    )
    page = account_page(account, _("Edit attributes"), _("Save"))

    def save(values: dict[str, Any]) -> str:
        user = cast(User, request.user)
        set_attributes(account=account, values=form.changes(), on=values["on"], by=user, at=now)
        say(request, _("The attributes were saved."))
        return page.back

    return answer_form(request, form, page, save)


def _page(title: str, submit: str, history: str = "") -> FormPage:
    back = reverse("accounts:attribute_list")
    return FormPage(title, submit, _("Attributes"), back, history=history)
