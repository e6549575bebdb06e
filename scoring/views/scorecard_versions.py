"""Older versions in force again, and pilots that take over or end."""

from collections.abc import Callable
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.views.account_forms import form_methods
from accounts.views.form_pages import FormPage, answer_form, posted
from config.lib.problems import Problem
from config.lib.toasts import say
from scoring.forms.scorecards import DayForm, RevertForm
from scoring.models import ScorecardVersion
from scoring.services.scorecard_versions import promote_pilot, revert_to, withdraw_pilot
from scoring.views.scorecard_access import Desk, at_day, open_desk


@form_methods
def version_revert(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Publish what an older version said, from a day on."""
    desk = open_desk(request, pk, write=True)
    version = _version(desk, number)
    form = RevertForm(posted(request), today=desk.today)
    title = _("Go back to version %(n)s") % {"n": number}
    note = _("A new version will say word for word what this one said; no second review is needed.")
    page = _page(desk, title, _("Publish again"), note)

    def save(values: dict[str, Any]) -> str:
        user = cast(User, request.user)
        again = _day_of(
            lambda: revert_to(
                version=version,
                effective_on=values["on"],
                at=desk.now,
                user=user,
                note=values["note"],
            )
        )
        said = _("Version %(n)s says what version %(old)s said.")
        say(request, said % {"n": again.number, "old": number})
        return page.back

    return answer_form(request, form, page, save)


@form_methods
def version_promote(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Let a version on a pilot act for everybody its scorecard is for."""
    desk = open_desk(request, pk, write=True)
    version = _version(desk, number)
    form = DayForm(posted(request), today=desk.today)
    note = _("It replaces the version in force for everybody this scorecard is for.")
    page = _page(desk, _("Let the pilot take over"), _("Take over"), note)

    def save(values: dict[str, Any]) -> str:
        _day_of(lambda: promote_pilot(version=version, on=values["on"], at=desk.now))
        say(request, _("The version acts for everybody from that day on."))
        return page.back

    return answer_form(request, form, page, save)


@form_methods
def version_withdraw(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Let a pilot end without taking over."""
    desk = open_desk(request, pk, write=True)
    version = _version(desk, number)
    form = DayForm(posted(request), today=desk.today)
    form.fields["on"].label = _("Ends on")
    note = _("The version in force judges the segment again.")
    page = _page(desk, _("End the pilot"), _("End the pilot"), note)

    def save(values: dict[str, Any]) -> str:
        _day_of(lambda: withdraw_pilot(version=version, on=values["on"], at=desk.now))
        say(request, _("The pilot ends on that day."))
        return page.back

    return answer_form(request, form, page, save)


def _version(desk: Desk, number: int) -> ScorecardVersion:
    version = desk.version(number)
    if version is None:
        raise Http404
    return version


def _page(desk: Desk, title: str, submit: str, note: str) -> FormPage:
    back = reverse("scoring:scorecard_detail", args=[desk.card.pk])
    return FormPage(title, submit, str(desk.card), back, note)


def _day_of(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Problem as refusal:
        at_day(refusal)
        raise
