"""The account list: saved views, rules, columns, and changes to many accounts at once."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.choices import RecordKind, Scope
from accounts.forms.bulk import BulkForm
from accounts.models import Account, Organisation
from accounts.querysets import Reach, reach_of
from accounts.registry import Field, ListColumn, all_fields
from accounts.selectors.account_list import (
    KEY,
    AccountOptions,
    account_records,
    accounts_asked,
    lists_opened,
    order_of,
)
from accounts.selectors.records import Question, read_question
from accounts.views.list_parts import (
    ROWS_A_PAGE,
    Cell,
    around,
    cell_of,
    count_of,
    culprits_of,
    opening,
    saved_views,
    words_of,
)
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator


@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    """Show the accounts the user may see, filtered, sorted and paged by position."""
    at = app_now()
    path = reverse("accounts:list")
    views = saved_views(request, KEY)
    if opened := opening(request, views):
        return redirect(path + opened)
    reach = reach_of(request.user)
    options = AccountOptions(request.user)
    records = account_records(request.user, options)
    question = read_question(records, request.GET, reach=reach)
    accounts = accounts_asked(question, user=request.user, at=at)
    paginator = KeysetPaginator(
        accounts, order=order_of(question), size=ROWS_A_PAGE, searched=bool(question.text)
    )
    page = paginator.page(request.GET.get("cursor"))
    may_write = reach.scope(RecordKind.ACCOUNT, write=True) != Scope.NONE
    context = around(request, records, question, path, views) | {
        "columns": question.columns[1:],
        "sort": question.sort,
        "rows": _rows(page.rows, question, reach, Organisation.objects.day_of(at)),
        "page": page,
        "count": count_of(accounts),
        "bulk": BulkForm(options=options, opened=lists_opened(question))
        if may_write and page.rows and not question.is_archived
        else None,
        "culprits": []
        if page.rows
        else culprits_of(
            request, question, lambda asked: accounts_asked(asked, user=request.user, at=at)
        ),
    }
    return render(request, "accounts/account_list.html", context)


def _rows(
    found: list[Account], question: Question, reach: Reach, today: dt.date
) -> list[tuple[Account, list[Cell], Any]]:
    columns = question.columns[1:]
    words = words_of(columns)
    looks = [_css(column, place, len(columns)) for place, column in enumerate(columns)]
    facts = [field for field in all_fields() if field.fact is not None]
    facts.sort(key=lambda field: field.fact_order)
    return [
        (
            account,
            [
                cell_of(account, column, account, reach, words, css)
                for column, css in zip(columns, looks, strict=True)
            ],
            _fact(account, facts, reach, today),
        )
        for account in found
    ]


def _css(column: ListColumn, place: int, count: int) -> str:
    """Return the classes of a column: on narrow screens the second ones go, the last one first."""
    classes = ["y-num"] if column.is_numeric and place else []
    classes += ["y-hide-s"] if place else []
    if column.is_secondary:
        classes += ["y-hide-m" if place == count - 1 else "y-hide-l", "y-nowrap"]
    return " ".join(classes)


def _fact(account: Account, facts: list[Field], reach: Reach, today: dt.date) -> Any:
    """Return the one thing to know of an account: the first of the facts that says something."""
    said = (
        field.fact(getattr(account, field.alias), today)
        for field in facts
        if field.fact is not None and reach.covers(account, field.kind)
    )
    return next(filter(None, said), "")
