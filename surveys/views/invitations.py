"""Invite people of one account to an open wave."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.choices import RecordKind
from accounts.models import Account, Contact, Organisation
from accounts.querysets import by_account, by_contact
from accounts.views.form_pages import to_change
from config.lib.clock import app_now
from config.lib.row_ids import is_row_id
from config.lib.toasts import say
from surveys.forms import InvitationForm
from surveys.models import Wave
from surveys.services.invitations import InvitationReport, invite_contacts

ACCOUNTS_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_new(request: HttpRequest) -> HttpResponse:
    """Show an account's people and the open waves, or a search for the account first; invite."""
    at = app_now()
    number = request.GET.get("account", "")
    accounts = Account.objects.open_for(request.user, RecordKind.SURVEY).unarchived()
    if not is_row_id(number):
        text = request.GET.get("q", "")
        found = accounts.active().search(text).order_by(*by_account())[:ACCOUNTS_SHOWN]
        return render(request, "surveys/invitation_account.html", {"accounts": found, "q": text})
    unarchived = Account.objects.unarchived()
    account = to_change(unarchived, request, int(number), kind=RecordKind.SURVEY)
    waves = Wave.objects.editable_by(request.user).open_at(at).select_related("survey")
    today = Organisation.objects.day_of(at)
    present = Contact.objects.visible_to(request.user).present(on=today)
    people = present.filter(account=account)
    form = InvitationForm(
        request.POST or None,
        waves=waves.order_by("closes_at", "pk"),
        contacts=people.exclude(email="").order_by(*by_contact()),
        initial={"wave": request.GET.get("wave")},
    )
    if form.is_valid():
        chosen = [contact.pk for contact in form.cleaned_data["contacts"]]
        report = invite_contacts(wave=form.cleaned_data["wave"], contact_ids=chosen, at=at)
        _say(request, report)
        return redirect("accounts:detail", pk=account.pk)
    context = {"form": form, "account": account, "waves": waves.exists()}
    return render(request, "surveys/invitation_form.html", context)


def _say(request: HttpRequest, report: InvitationReport) -> None:
    """Tell how many were invited, and why others were not."""
    if report.invited:
        words = ngettext(
            "%(n)d person is invited; the mail is in the outbox.",
            "%(n)d people are invited; the mails are in the outbox.",
            report.invited,
        )
        say(request, words % {"n": report.invited})
    for reason, count in report.held.items():
        words = ngettext(
            "%(n)d person was not invited: %(reason)s.",
            "%(n)d people were not invited: %(reason)s.",
            count,
        )
        say(request, words % {"n": count, "reason": reason.label})
