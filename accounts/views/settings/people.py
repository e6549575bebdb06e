"""Our own teams and people."""

from typing import Any, cast

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import UserRole
from accounts.forms.house import PersonForm, TeamForm
from accounts.models import Account, Team, User
from accounts.querysets import by_team
from accounts.selectors.leavers import work_left_by
from accounts.selectors.teams import teams_in_use
from accounts.services.handovers import hand_over_work
from accounts.services.teams import (
    TeamInUse,
    create_team,
    delete_team,
    set_members,
    update_team,
)
from accounts.services.users import create_user, update_user
from accounts.transports import mails_leave_the_house
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, history_of, posted
from accounts.views.once import Made
from accounts.views.settings.access import for_administrators
from accounts.views.settings.password_links import send_link
from config.lib.clock import app_now
from config.lib.formats import listed
from config.lib.pagination import KeysetPaginator
from config.lib.toasts import say

PEOPLE_A_PAGE = 50


@require_safe
@for_administrators
def team_list(request: HttpRequest) -> HttpResponse:
    """Show the tree of teams with their members and accounts."""
    teams = list(
        Team.objects.annotate(
            people=Count("memberships", filter=Q(memberships__user__is_active=True))
        ).order_by(*by_team())
    )
    accounts = dict(
        Account.objects.unarchived().order_by().values_list("team").annotate(n=Count("pk"))
    )
    in_use = teams_in_use()
    rows = [
        (team, depth, accounts.get(team.pk, 0), team.pk not in in_use)
        for team, depth in _tree(teams, None, 0)
    ]
    return render(request, "accounts/settings/team_list.html", {"rows": rows})


def _tree(teams: list[Team], parent: int | None, depth: int) -> list[tuple[Team, int]]:
    rows = []
    for team in teams:
        if team.parent_id == parent:
            rows += [(team, depth), *_tree(teams, team.pk, depth + 1)]
    return rows


@for_administrators
@editing(Team)
def team_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a team, or change one, with its members."""
    team = get_object_or_404(Team, pk=pk) if pk else None
    back = reverse("accounts:settings_teams")
    page = FormPage(
        title=str(team) if team else _("New team"),
        submit=_("Save"),
        crumb=_("Teams"),
        back=back,
        history=history_of(team) if team else "",
    )

    def save(values: dict[str, Any]) -> str:
        by = cast(User, request.user)
        members = values.pop("members")
        row = (
            update_team(team=team, changes=values, by=by) if team else create_team(by=by, **values)
        )
        set_members(team=row, users=members, by=by)
        say(request, _("The team is saved."))
        return Made(back, row)

    return answer_form(request, TeamForm(posted(request), instance=team), page, save)


@require_POST
@for_administrators
def team_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a team that nothing belongs to."""
    try:
        delete_team(team=get_object_or_404(Team, pk=pk), by=cast(User, request.user))
    except TeamInUse as refusal:
        say(request, str(refusal))
    else:
        say(request, _("The team is removed."))
    return redirect("accounts:settings_teams")


@require_safe
@for_administrators
def person_list(request: HttpRequest) -> HttpResponse:
    """Show our people, searched by name or address."""
    people = User.objects.prefetch_related("teams")
    text, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    if text:
        names = ("family_name", "given_name", "family_name_latin", "given_name_latin", "email")
        found = (Q(**{f"{name}__icontains": text.replace(chr(0), "")}) for name in names)
        people = people.filter(Q(*found, _connector=Q.OR))
    if role in UserRole.values:
        people = people.filter(role=role)
    pages = KeysetPaginator(people, order="username", size=PEOPLE_A_PAGE)
    context = {
        "page": pages.page(request.GET.get("cursor")),
        "q": text,
        "role": role,
        "roles": UserRole.choices,
    }
    return render(request, "accounts/settings/person_list.html", context)


@for_administrators
@editing(User)
def person_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a colleague, who is invited by mail or by a link to hand over, or change one."""
    person = get_object_or_404(User, pk=pk) if pk else None
    back, mails_leave = reverse("accounts:settings_people"), mails_leave_the_house()
    page = FormPage(
        title=str(person) if person else _("New colleague"),
        submit=_("Save") if person else _("Add and invite") if mails_leave else _("Add"),
        crumb=_("Colleagues"),
        back=back,
        note="" if person else _how_invited(),
        warning=_left_behind(person) if person else "",
        history=history_of(person) if person else "",
        more=_links(person) if person and person.is_active else (),
    )

    def save(values: dict[str, Any]) -> str:
        by, at = cast(User, request.user), app_now()
        successor = values.pop("hand_over_to", None)
        if person:
            now = update_user(user=person, changes=values, by=by, at=at)
            say(request, _("The colleague is saved."))
            if successor and not now.is_active:
                given = hand_over_work(leaver=now, to=successor, by=by, at=at)
                say(request, _handed_over(successor, given))
            if words := _left_behind(now):
                say(request, words)
                return reverse("accounts:settings_person", args=[now.pk])
        else:
            return _invite(request, create_user(by=by, at=at, **values))
        return back

    return answer_form(request, PersonForm(posted(request), instance=person), page, save)


def _left_behind(person: User) -> str:
    """Say what still hangs on somebody who left."""
    work = [] if person.is_active else work_left_by(person)
    if not work:
        return ""
    words = _("Still to be handed over from %(name)s: %(work)s.")
    return words % {"name": person, "work": listed(work)}


def _handed_over(to: User, work: list[str]) -> str:
    """Say what was given to a colleague."""
    if not work:
        return _("Nothing was handed over to %(name)s.") % {"name": to}
    return _("Handed over to %(name)s: %(work)s.") % {"name": to, "work": listed(work)}


def _how_invited() -> str:
    """Say how a new colleague comes to a password."""
    if mails_leave_the_house():
        return _("They get a mail with a link to set their password.")
    return _(
        "No mail leaves this installation: you get a link to hand over, with which they set their "
        "password."
    )


def _invite(request: HttpRequest, person: User) -> str:
    """Send a new colleague a link; where no mail takes it there, lead to where it is shown."""
    if send_link(request, person):
        say(request, _("The colleague is added and invited by mail."))
        return Made(reverse("accounts:settings_people"), person)
    say(request, _("The colleague is added. Now hand over the link to set a password."))
    return Made(reverse("accounts:settings_person_link", args=[person.pk]), person)


def _links(person: User) -> tuple[tuple[str, str, str], ...]:
    """Return what else can be done with a colleague: address, icon and words."""
    to = reverse("accounts:settings_person_link", args=[person.pk])
    return ((to, "key", _("Link to set a password")),)
