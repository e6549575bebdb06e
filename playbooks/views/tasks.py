"""One task: see it, make it, complete it, take that back, put it off, hand it over, cancel it."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import RecordKind
from accounts.models import Account
from accounts.querysets import by_account
from accounts.views.form_pages import to_change
from accounts.views.once import Made, carry_name, do_once, done_before
from config.lib.back import back
from config.lib.clock import app_now
from config.lib.formats import day_short
from config.lib.row_ids import is_row_id
from config.lib.toasts import say
from config.lib.workdays import WorkCalendar
from playbooks.forms import AssignForm, CompletionForm, SnoozeForm, TaskForm
from playbooks.models import Task
from playbooks.selectors.assignees import candidates_for
from playbooks.selectors.my_day import for_rows, task_rows
from playbooks.services import tasks as services

CHOICES_SHOWN = 20


@require_safe
def task_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a task with what can be done about it."""
    tasks = for_rows(Task.objects.visible_to(request.user))
    task = get_object_or_404(tasks.select_related("account__team", "completed_by"), pk=pk)
    return render(request, "playbooks/task_detail.html", _page(request, task))


@require_http_methods(["GET", "HEAD", "POST"])
def task_new(request: HttpRequest) -> HttpResponse:
    """Make a task for an account, or search for the account first."""
    number = request.POST.get("account") or request.GET.get("account") or ""
    accounts = Account.objects.open_for(request.user, RecordKind.TASK).active()
    if not is_row_id(number):
        text = request.GET.get("q", "")
        found = accounts.search(text).order_by(*by_account())[:CHOICES_SHOWN]
        return render(request, "playbooks/task_account.html", {"accounts": found, "q": text})
    active = Account.objects.active().select_related("team")
    account = to_change(active, request, int(number), kind=RecordKind.TASK)
    at = app_now()
    today = timezone.localdate(at)
    form = TaskForm(
        request.POST or None,
        candidates=candidates_for(account),
        today=today,
        initial={"assignee": request.user.pk, "due_on": _calendar(account).next_workday(today)},
    )

    def save() -> str:
        task = services.create_task(
            account=account, by=_person(request), at=at, **form.cleaned_data
        )
        say(request, _("The task is on the list."))
        return Made(reverse("accounts:detail", args=[account.pk]), task)

    if target := done_before(request):
        return redirect(target)
    if form.is_valid():
        return redirect(do_once(request, save))
    carry_name(form)
    context = {"form": form, "account": account}
    return render(request, "playbooks/task_form.html", context)


@require_POST
def task_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a task done, with outcome and notes where they were given."""
    task = _editable(request, pk)
    form = CompletionForm(request.POST)
    if not form.is_valid():
        return render(request, "playbooks/task_detail.html", _page(request, task, done=form))
    services.complete_task(task=task, by=_person(request), at=app_now(), **form.cleaned_data)
    undo = reverse("playbooks:task_reopen", args=[task.pk])
    say(request, _("“%(title)s” is done.") % {"title": task.title}, undo=undo)
    return back(request)


@require_POST
def task_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was done to a task."""
    task = services.reopen_task(task=_editable(request, pk), at=app_now())
    say(request, _("“%(title)s” is open again.") % {"title": task.title})
    return back(request)


@require_http_methods(["GET", "HEAD", "POST"])
def task_snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose until when to put a task off, and put it off."""
    task = _editable(request, pk)
    at = app_now()
    today = timezone.localdate(at)
    form = SnoozeForm(request.POST or None, today=today, calendar=_calendar(task.account))
    if not form.is_valid():
        context = {"form": form, "task": task}
        return render(request, "playbooks/task_snooze.html", context)
    until: dt.date = form.cleaned_data["until"]
    services.snooze_task(task=task, until=until, at=at)
    words = {"title": task.title, "day": day_short(until, today)}
    undo = reverse("playbooks:task_reopen", args=[task.pk])
    say(request, _("“%(title)s” is put off until %(day)s.") % words, undo=undo)
    return redirect("playbooks:my_day")


@require_POST
def task_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a task to somebody."""
    task = _editable(request, pk)
    form = AssignForm(request.POST, candidates=candidates_for(task.account))
    if not form.is_valid():
        return render(request, "playbooks/task_detail.html", _page(request, task, assign=form))
    services.reassign_task(task=task, to=form.cleaned_data["assignee"], at=app_now())
    say(request, _("“%(title)s” has been handed over.") % {"title": task.title})
    return back(request)


@require_POST
def task_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a task."""
    task = services.cancel_task(task=_editable(request, pk), at=app_now())
    undo = reverse("playbooks:task_reopen", args=[task.pk])
    say(request, _("“%(title)s” is cancelled.") % {"title": task.title}, undo=undo)
    return back(request)


def _editable(request: HttpRequest, pk: int) -> Task:
    tasks = for_rows(Task.objects.all()).select_related("account__team", "completed_by")
    return to_change(tasks, request, pk)  # type: ignore[no-any-return]


def _page(request: HttpRequest, task: Task, **forms: Any) -> dict[str, Any]:
    today = timezone.localdate(app_now())
    row = task_rows([task], user=request.user, today=today)[0]
    assign = {"assignee": task.assignee_id}
    return {
        "task": task,
        "row": row,
        "is_editable": row.is_editable,
        "done_form": forms.get("done") or CompletionForm(),
        "assign_form": forms.get("assign")
        or AssignForm(initial=assign, candidates=candidates_for(task.account)),
    }


def _calendar(account: Account) -> WorkCalendar:
    return WorkCalendar(account.team.country)


def _person(request: HttpRequest) -> Any:
    return request.user
