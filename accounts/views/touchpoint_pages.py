"""One talk on its page: what was said, what was promised, as a mail; taking it back."""

from typing import Any, cast

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.domain.minutes import Section, mail_copy
from accounts.domain.touchpoint_types import INTERNAL_NOTE
from accounts.models import Contact, Organisation, Touchpoint, TouchpointTodo, User
from accounts.querysets import by_account, reach_of
from accounts.selectors.talks import same_talk
from accounts.selectors.touchpoint_types import type_label
from accounts.services.todos import settle_todo
from accounts.services.touchpoints import restore_touchpoint, retract_touchpoint
from accounts.views.form_pages import go_home, home_of, to_change
from config.lib.clock import app_now
from config.lib.formats import day, listed
from config.lib.toasts import say


@require_safe
def touchpoint_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a talk with its people, minutes and to-dos; the policy may keep the text back."""
    rows = Touchpoint.objects.visible_to(request.user).filter(retracted_at__isnull=True)
    people = Contact.objects.visible_to(request.user)
    talk = get_object_or_404(
        rows.with_readable_body(request.user)
        .select_related("account", "created_by")
        .prefetch_related(
            Prefetch("contacts", people),
            "users",
            "signals",
            "todos__user",
            Prefetch("todos__contact", people),
        ),
        pk=pk,
    )
    others = Touchpoint.objects.none()
    if talk.group is not None:
        others = rows.filter(group=talk.group).exclude(pk=pk).select_related("account")
    at_all = same_talk(talk, user=request.user).count()
    context = {
        "talk": talk,
        "account": reach_of(request.user).told(talk.account),
        "type_label": type_label(talk.type),
        "is_note": talk.type == INTERNAL_NOTE,
        "others": others.order_by(*by_account("account__")),
        "at_all": at_all + 1 if at_all else 0,
        "editable": Touchpoint.objects.editable_by(request.user).filter(pk=pk).exists(),
        "mail": _mail(talk) if talk.is_body_readable else "",
    }
    return render(request, "accounts/touchpoint_detail.html", context)


@require_POST
def touchpoint_retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a talk back, with `all` at every account of it; undone from the toast."""
    talk = to_change(Touchpoint.objects.all(), request, pk)
    user = cast(User, request.user)
    others = list(same_talk(talk, user=user)) if request.POST.get("all") else []
    retract_touchpoint(touchpoint=talk, at=app_now(), by=user, others=others)
    undo = reverse("accounts:touchpoint_restore", args=[pk]) + ("?all=1" if others else "")
    say(request, _("The talk is taken back and counts no more."), undo=undo)
    return go_home(request, talk, list_key="touchpoints")


@require_POST
def touchpoint_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring back a talk that was taken back, with `all` at every account it left with it."""
    talk = to_change(Touchpoint.objects.all(), request, pk)
    user = cast(User, request.user)
    others = list(same_talk(talk, user=user)) if request.GET.get("all") else []
    restore_touchpoint(touchpoint=talk, at=app_now(), by=user, others=others)
    return redirect("accounts:touchpoint_detail", pk=pk)


@require_POST
def todo_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick a to-do off, or open it again."""
    todos = TouchpointTodo.objects.standing_for(request.user)
    todo = get_object_or_404(todos.select_related("touchpoint"), pk=pk)
    may_write = Touchpoint.objects.editable_by(request.user).filter(pk=todo.touchpoint_id)
    if todo.user_id != request.user.pk and not may_write.exists():
        return HttpResponse(status=403)
    at = app_now()
    done_on = Organisation.objects.day_of(at) if todo.done_on is None else None
    settle_todo(todo=todo, done_on=done_on, at=at, by=cast(User, request.user))
    undo = reverse("accounts:todo_settle", args=[pk])
    if done_on:
        say(request, _("“%(text)s” is done.") % {"text": todo.text}, undo=undo)
    return redirect(_back(request, todo))


def _back(request: HttpRequest, todo: TouchpointTodo) -> str:
    if request.POST.get("back") == "account":
        here = reverse("accounts:touchpoint_detail", args=[todo.touchpoint_id])
        return home_of(todo.touchpoint, request.user, otherwise=here)
    return reverse("accounts:touchpoint_detail", args=[todo.touchpoint_id])


def _mail(talk: Any) -> str:
    todos = "\n".join(_todo_line(todo) for todo in talk.todos.all())
    people = listed((*talk.contacts.all(), *talk.users.all()))
    return mail_copy(
        subject=f"{talk.subject} ({day(talk.occurred_at)})",
        sections=[
            Section(_("Purpose"), talk.purpose),
            Section(_("Attendees"), people),
            Section("", talk.body),
            Section(_("Decisions"), talk.decisions),
            Section(_("To-dos"), todos),
            Section(_("Next date"), day(talk.next_on) if talk.next_on else ""),
        ],
    )


def _todo_line(todo: TouchpointTodo) -> str:
    who = todo.contact or todo.user or todo.get_side_display()
    until = f" ({day(todo.due_on)})" if todo.due_on else ""
    return f"- {todo.text}: {who}{until}"
