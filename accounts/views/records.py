"""The page of any kind of record that has a list: one view for all of them."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.choices import Scope
from accounts.querysets import Reach, reach_of
from accounts.registry import ListColumn, RecordList, lists
from accounts.selectors.records import Question, order_asked, read_question, rows_asked
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


@dataclass(frozen=True)
class Row:
    """A record, the address of its page if it has one, and its cells."""

    record: Any
    href: str
    account: Any
    currency: str
    cells: list[Cell]

    @property
    def beneath(self) -> list[Cell]:
        """Return the two cells a phone shows under the first, of those that say something."""
        return [cell for cell in self.cells[2:4] if cell.value not in (None, "")]


@require_safe
def record_list(request: HttpRequest, key: str) -> HttpResponse:
    """Show one kind of record: searched, filtered, sorted, paged by position."""
    at = app_now()
    records, reach = lists.get(key), reach_of(request.user)
    if reach.scope(records.kind) == Scope.NONE:
        raise Http404
    path = reverse("accounts:record_list", kwargs={"key": key})
    views = saved_views(request, key)
    if opened := opening(request, views):
        return redirect(path + opened)
    question = read_question(records, request.GET, reach=reach)
    rows = rows_asked(records, question, user=request.user, at=at)
    paginator = KeysetPaginator(
        rows,
        order=order_asked(records, question),
        size=ROWS_A_PAGE,
        searched=bool(question.text),
    )
    page = paginator.page(request.GET.get("cursor"))
    context = around(request, records, question, path, views) | {
        "rows": _rows(page.rows, records, question, reach),
        "page": page,
        "count": count_of(rows),
        "new_href": _new_href(records, reach),
        "culprits": []
        if page.rows
        else culprits_of(
            request,
            question,
            lambda asked: rows_asked(records, asked, user=request.user, at=at),
        ),
    }
    return render(request, "accounts/record_list.html", context)


def _new_href(records: RecordList, reach: Reach) -> str:
    may_write = reach.scope(records.kind, write=True) != Scope.NONE
    return reverse(records.new_url) if records.new_url and may_write else ""


def _rows(found: list[Any], records: RecordList, question: Question, reach: Reach) -> list[Row]:
    words = words_of(question.columns)
    looks = [_css(column, place) for place, column in enumerate(question.columns)]
    rows = []
    for record in found:
        account = getattr(record, records.account_path)
        currency = getattr(record, "currency", "") or account.currency
        cells = [
            cell_of(record, column, account, reach, words, css)
            for column, css in zip(question.columns, looks, strict=True)
        ]
        href = records.href(record) if records.href else ""
        rows.append(Row(record, href, account, currency, cells))
    return rows


def _css(column: ListColumn, place: int) -> str:
    """Return the classes of a column: on narrow screens all but the first two go."""
    classes = ["y-num"] if column.is_numeric else []
    classes += ["y-hide-s"] if place > 1 else []
    classes += ["y-hide-m"] if column.is_secondary else []
    return " ".join(classes)
