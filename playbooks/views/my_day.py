"""My day: what is to be done, in the order of the days; and what was done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.choices import RecordKind, Scope
from accounts.models import Account
from accounts.querysets import reach_of
from accounts.selectors.expectations import touches_due
from accounts.selectors.mentions import mentions_of
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator
from playbooks.choices import Whose
from playbooks.models import Task
from playbooks.selectors.my_day import for_rows, my_day_of, task_rows
from playbooks.selectors.news import news_of

RENEWALS_SHOWN = 5
RENEWAL_DAYS = 120
TOUCHES_SHOWN = 10
MENTIONS_SHOWN = 10
DONE_A_PAGE = 50


@require_safe
def my_day(request: HttpRequest) -> HttpResponse:
    """Show the reader's tasks, or those of the team or of nobody, what moved and what renews."""
    at = app_now()
    today = timezone.localdate(at)
    asked = request.GET.get("whose", "")
    whose = Whose(asked) if asked in Whose.values else Whose.MINE
    reach = reach_of(request.user)
    renewing = Account.objects.visible_to(request.user).active()
    context = {
        "day": my_day_of(request.user, whose=whose, today=today),
        "choices": Whose.choices,
        "may_add": reach.scope(RecordKind.TASK, write=True) != Scope.NONE,
        "renewals": renewing.renewing_within(RENEWAL_DAYS, today=today)
        .filter(pk__in=reach.held)
        .order_by("renewal_on", "pk")[:RENEWALS_SHOWN],
        "mentions": mentions_of(request.user, most=MENTIONS_SHOWN),
        "news": news_of(request.user, today=today, at=at),
        "touches": [
            (account, reach.covers(account, RecordKind.TOUCHPOINT, write=True))
            for account in touches_due(user=request.user, at=at)[:TOUCHES_SHOWN]
        ],
    }
    return render(request, "playbooks/my_day.html", context)


@require_safe
def tasks_done(request: HttpRequest) -> HttpResponse:
    """Show what the reader has completed, newest first."""
    done = for_rows(Task.objects.visible_to(request.user).filter(completed_by=request.user.pk))
    page = KeysetPaginator(done, order="-completed_at", size=DONE_A_PAGE).page(
        request.GET.get("cursor")
    )
    rows = task_rows(page.rows, user=request.user, today=timezone.localdate(app_now()))
    return render(request, "playbooks/task_done_list.html", {"page": page, "rows": rows})
