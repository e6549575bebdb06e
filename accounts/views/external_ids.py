"""The ids of an account in other systems, on a page of their own."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.forms.external_ids import ExternalIdForm, OtherIdForm
from accounts.models import Account, User
from accounts.selectors.external_ids import external_ids_of
from accounts.services.external_ids import set_external_id
from accounts.views.account_forms import account_to_change, form_methods
from accounts.views.form_pages import FormPage, answer_form, posted
from config.lib.clock import app_now
from config.lib.toasts import say


@require_safe
def external_id_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show by which ids other systems know the account."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    editable = Account.objects.editable_by(request.user).filter(pk=pk, archived_at=None)
    context = {"account": account, "ids": external_ids_of(account), "editable": editable.exists()}
    return render(request, "accounts/external_id_list.html", context)


@form_methods
def external_id_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an id, or change the one the address names."""
    account = account_to_change(request, pk)
    source, was = (request.GET.get(name, "").replace("\0", "") for name in ("source", "was"))
    kind = OtherIdForm if was else ExternalIdForm
    form: forms.Form = kind(posted(request), initial={"source": source, "value": was})
    back = reverse("accounts:external_ids", args=[account.pk])
    page = FormPage(_("Id in another system"), _("Save"), str(account), back)

    def save(values: dict[str, Any]) -> str:
        by = cast(User, request.user)
        set_external_id(account=account, was=was, by=by, at=app_now(), **values)
        say(request, _("Saved."))
        return back

    return answer_form(request, form, page, save)
