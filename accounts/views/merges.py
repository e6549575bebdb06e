"""Duplicates side by side, merging with a preview, and the way back."""

from dataclasses import replace
from typing import Any, cast

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import DuplicateReason, MergeKind
from accounts.models import Account, Contact, MergeRecord, User
from accounts.querysets import by_account, by_contact, reach_of
from accounts.selectors.duplicates import DuplicatePair, duplicate_pairs, likely_twins
from accounts.selectors.merge_words import model_of, names_in, names_told, values_taken_over
from accounts.services.merges.accounts import merge_accounts, preview_account_merge
from accounts.services.merges.contacts import merge_contacts, preview_contact_merge
from accounts.services.merges.duplicates import dismiss_duplicate, recall_dismissal
from accounts.services.merges.records import MergePreview, counts_of
from accounts.services.merges.undo import faults_of_undo, undo_merge
from accounts.views.form_pages import FormPage, answer_form, posted, to_change
from config.lib.clock import app_now
from config.lib.row_ids import is_row_id
from config.lib.toasts import say

PAIRS_A_PAGE = 20
CHOICES_SHOWN = 20
#: What tells two records of one name apart: the name in the other language, an id, an address.
TELLING = ("name", "name_latin", "external_id", "email")
REASONS = {
    MergeKind.ACCOUNT: (
        DuplicateReason.CORPORATE_NUMBER,
        DuplicateReason.NAME_KEY,
        DuplicateReason.DOMAIN,
    ),
    MergeKind.CONTACT: (DuplicateReason.EMAIL, DuplicateReason.NAME, DuplicateReason.PHONE),
}


@require_safe
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Show pairs of accounts or contacts that may be one, by reason."""
    kind = _kind(request.GET.get("kind", MergeKind.ACCOUNT))
    reason = request.GET.get("reason", "")
    if reason and reason not in REASONS[kind]:
        raise BadRequest
    pairs = duplicate_pairs(
        kind=kind,
        user=request.user,
        reason=reason,
        after=_after(request.GET.get("after", "")),
        size=PAIRS_A_PAGE + 1,
    )
    context = {
        "kind": kind,
        "kinds": MergeKind.choices,
        "reason": reason,
        "reasons": REASONS[kind],
        "pairs": _with_rights(pairs[:PAIRS_A_PAGE], request.user),
        "next": pairs[PAIRS_A_PAGE - 1].pk if len(pairs) > PAIRS_A_PAGE else "",
        "paged": bool(request.GET.get("after")),
    }
    return render(request, "accounts/duplicate_list.html", context)


@require_POST
def duplicate_dismiss(request: HttpRequest) -> HttpResponse:
    """Note that two records are two; undone from the toast."""
    kind, one, other = _pair(request)
    dismiss_duplicate(
        kind=kind, one=one.pk, other=other.pk, at=app_now(), by=cast(User, request.user)
    )
    undo = f"{reverse('accounts:duplicate_recall')}?kind={kind}&one={one.pk}&other={other.pk}"
    say(request, _("These are two. The pair won't be shown again."), undo=undo)
    return redirect(f"{reverse('accounts:duplicate_list')}?kind={kind}")


@require_POST
def duplicate_recall(request: HttpRequest) -> HttpResponse:
    """Show a pair again."""
    kind, one, other = _pair(request)
    recall_dismissal(kind=kind, one=one.pk, other=other.pk)
    return redirect(f"{reverse('accounts:duplicate_list')}?kind={kind}")


@require_http_methods(["GET", "HEAD", "POST"])
def account_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the account that stays, see what would happen, merge."""
    accounts = Account.objects.editable_by(request.user).unarchived()
    source = to_change(Account.objects.unarchived().select_related("team"), request, pk)
    into = request.POST.get("into") or request.GET.get("into") or ""
    if not is_row_id(into):
        rows = accounts.exclude(pk=pk).order_by(*by_account())
        return _choose(request, source, rows)
    target = get_object_or_404(accounts.select_related("team"), pk=int(into))
    at, keep = app_now(), _keep(request)
    if request.method == "POST":
        record = merge_accounts(
            source=source, into=target, keep=keep, at=at, by=cast(User, request.user)
        )
        return _merged(request, record)
    preview = preview_account_merge(source=source, into=target, keep=keep, at=at)
    return _show(request, MergeKind.ACCOUNT, preview)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the contact who stays, see what would happen, merge."""
    people = Contact.objects.editable_by(request.user).filter(archived_at__isnull=True)
    people = people.select_related("account")
    present = Contact.objects.filter(archived_at__isnull=True).select_related("account")
    source = to_change(present, request, pk)
    into = request.POST.get("into") or request.GET.get("into") or ""
    if not is_row_id(into):
        colleagues = people.filter(account=source.account_id).exclude(pk=pk)
        return _choose(request, source, colleagues.order_by(*by_contact()))
    target = get_object_or_404(people, pk=int(into))
    at, keep = app_now(), _keep(request)
    if request.method == "POST":
        record = merge_contacts(
            source=source, into=target, keep=keep, at=at, by=cast(User, request.user)
        )
        return _merged(request, record)
    preview = preview_contact_merge(source=source, into=target, keep=keep, at=at)
    return _show(request, MergeKind.CONTACT, preview)


@require_safe
def merge_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a merge moved and whether it can be taken back."""
    merges = MergeRecord.objects.visible_to(request.user).select_related("merged_by", "undone_by")
    record = get_object_or_404(merges.select_related("account"), pk=pk)
    model = model_of(record.kind)
    seen = model.objects.visible_to(request.user).in_bulk([record.source_id, record.target_id])
    source, target = seen.get(record.source_id), seen.get(record.target_id)
    context = {
        "record": record,
        "account": reach_of(request.user).told(record.account),
        "names": _told_apart(source, target) if source and target else (),
        "counts": counts_of(record),
        "values": values_taken_over(record.values, model, names_in(record, request.user)),
        "editable": MergeRecord.objects.editable_by(request.user).filter(pk=pk).exists(),
        "faults": [] if record.undone_at else list(faults_of_undo(record)),
    }
    return render(request, "accounts/merge_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then make two records of one again; the toast after a merge has asked."""
    record = to_change(MergeRecord.objects.all(), request, pk)
    page = FormPage(
        title=_("Undo the merge"),
        submit=_("Undo the merge"),
        crumb=pgettext("noun", "Merge"),
        back=reverse("accounts:merge_detail", args=[pk]),
        note=_("What moved goes back, and both records are again as they were before the merge."),
    )

    def save(values: dict[str, Any]) -> str:
        undo_merge(record=record, at=app_now(), by=cast(User, request.user))
        say(request, _("The merge is undone; both records are as before."))
        return page.back

    return answer_form(request, forms.Form(posted(request)), page, save)


def _kind(text: str) -> MergeKind:
    if text not in MergeKind.values:
        raise BadRequest
    return MergeKind(text)


def _after(text: str) -> tuple[int, int]:
    low, _dash, high = text.partition("-")
    return (int(low), int(high)) if is_row_id(low) and is_row_id(high) else (0, 0)


def _pair(request: HttpRequest) -> tuple[MergeKind, Any, Any]:
    given = request.POST if "one" in request.POST else request.GET
    kind = _kind(given.get("kind", ""))
    numbers = (given.get("one", ""), given.get("other", ""))
    if not all(is_row_id(number) for number in numbers):
        raise BadRequest
    rows = _editable(kind, request.user)
    one, other = (get_object_or_404(rows, pk=int(number)) for number in numbers)
    return kind, one, other


def _editable(kind: MergeKind, user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model_of(kind).objects.editable_by(user)
    return rows


def _with_rights(pairs: list[DuplicatePair], user: Any) -> list[tuple[DuplicatePair, bool]]:
    if not pairs:
        return []
    keys = {record.pk for pair in pairs for record in (pair.low, pair.high)}
    mine = set(_editable(pairs[0].kind, user).filter(pk__in=keys).values_list("pk", flat=True))
    return [(pair, {pair.low.pk, pair.high.pk} <= mine) for pair in pairs]


def _choose(request: HttpRequest, source: Any, rows: Any) -> HttpResponse:
    """Offer likely duplicates first, then what the search finds, or who comes first by name."""
    text = request.GET.get("q", "")
    likely = {} if text else likely_twins(source, among=rows, size=CHOICES_SHOWN)
    found = rows.search(text).exclude(pk__in=[row.pk for row in likely])[:CHOICES_SHOWN]
    context = {"source": source, "q": text, "likely": likely, "rows": found}
    return render(request, "accounts/merge_choose.html", context)


def _keep(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix("keep."): value
        for name, value in request.POST.items()
        if name.startswith("keep.") and isinstance(value, str)
    }


def _merged(request: HttpRequest, record: MergeRecord) -> HttpResponse:
    undo = reverse("accounts:merge_undo", args=[record.pk])
    say(request, _("Merged. Everything open has moved over."), undo=undo)
    return redirect("accounts:merge_detail", pk=record.pk)


def _show(request: HttpRequest, kind: MergeKind, preview: MergePreview) -> HttpResponse:
    source, target = _told_apart(preview.source, preview.target)
    context = {
        "preview": _told(preview, request.user),
        "kind": kind,
        "source": source,
        "target": target,
    }
    return render(request, "accounts/merge_preview.html", context)


def _told_apart(*records: Any) -> tuple[str, ...]:
    """Return what records are called, and what tells them apart where that is the same."""
    names = tuple(map(str, records))
    if len({*names}) == len(names):
        return names
    for column in TELLING:
        marks = [str(getattr(record, column, None) or "") for record in records]
        if all(marks) and len({*marks}) == len(marks):
            break
    else:
        marks = [f"#{record.pk}" for record in records]
    return tuple(f"{name} ({mark})" for name, mark in zip(names, marks, strict=True))


def _told(preview: MergePreview, user: Any) -> MergePreview:
    """Name no record that the reader does not see, such as the parent of one of both."""
    fields = [
        replace(choice, words=tuple(_name_told(word, user) for word in choice.words))
        for choice in preview.fields
    ]
    return replace(preview, fields=fields)


def _name_told(word: Any, user: Any) -> Any:
    if not isinstance(word, Model):
        return word
    return names_told(type(word), [word.pk], user)[word.pk]
