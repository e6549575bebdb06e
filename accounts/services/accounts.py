"""Accounts: making and changing one, its place in the tree, its dated facts, its end.

The columns of `Account` are today's values; whatever changes over time is a dated fact beside
them, and one service writes both.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountStatus, Phase
from accounts.domain.corporate_number import BadCorporateNumber, parse_corporate_number
from accounts.domain.names import fold_for_search, name_key
from accounts.models import Account, AccountPhaseFact, AccountStatusFact, Organisation, User
from accounts.services.attributes import put_attributes, set_current_value
from accounts.services.authors import written_by
from accounts.services.conflicts import ExternalIdTaken, apply_changes, check_columns, refusing
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.countries import with_country
from accounts.services.dirty import mark_accounts_dirty
from accounts.services.domains import replace_domains, replace_verified
from accounts.services.facts import put_fact, refuse_future
from accounts.services.hierarchy import refuse_cycle
from config.lib.problems import Conflict, FieldError, Problem

PLAIN = {
    "external_id",
    "kind",
    "name",
    "short_name",
    "name_kana",
    "name_latin",
    "language",
    "corporate_number",
    "country",
    "fiscal_year_end_month",
    "budget_month",
    "tracked",
    "team",
    "sold_via",
    "billed_via",
    "customer_since_on",
    "live_on",
    "currency",
}
DATED = {"status", "phase", "tier", "touch_model"}
#: What contracts say of an account.
CONTRACTUAL = ("arr", "mrr", "licensed_users", "currency", "renewal_on", "customer_since_on")
#: What health is computed from, or what chooses its scorecard.
WEIGHTY = {"tracked", "live_on", "customer_since_on"} | DATED
_CONFLICTS = {"accounts_account_external_id": ExternalIdTaken}


class AccountArchived(Conflict):
    """An archived account takes no changes."""

    code = "account_archived"
    title = _("The account is archived.")


class AccountMerged(Conflict):
    """A merged account comes back by undoing the merge."""

    code = "account_merged"
    title = _("The account was merged into another one. Undo the merge to bring it back.")


class WrongCorporateNumber(Problem):
    """Not thirteen digits, or the check digit does not fit."""

    code = "wrong_corporate_number"
    title = _("This is no corporate number: thirteen digits, the first of them a check digit.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/corporate_number", self.title)])


def create_account(
    *,
    at: dt.datetime,
    by: User | None = None,
    on: dt.date | None = None,
    parent: Account | None = None,
    domains: Sequence[str] = (),
    verified_domains: Sequence[str] = (),
    attributes: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Account:
    """Make an account with its first facts, which hold from day `on`, today unless given.

    :param fields: plain columns and `status`, `phase`, `tier`, `touch_model`.
    :raises ExternalIdTaken: when another account carries the own-system id.
    :raises UnknownCountry: for a country that is none.
    """
    today = Organisation.objects.day_of(at)
    on = on or today
    refuse_future(on=on, today=today, member="on")
    account = Account(created_at=at, updated_at=at, parent=parent)
    apply_changes(account, with_country(fields), allowed=PLAIN | DATED)
    check_columns(account)
    _derive(account)
    with written_by(by), refusing(_CONFLICTS):
        account.save()
        AccountStatusFact.objects.create(
            account=account, status=account.status, starts_on=on, recorded_at=at
        )
        AccountPhaseFact.objects.create(
            account=account, phase=account.phase, starts_on=on, recorded_at=at
        )
        for name in ("tier", "touch_model", "tracked"):
            set_current_value(account, name, getattr(account, name), on=on, at=at)
        if attributes:
            put_attributes(account, attributes, on=on, today=today, at=at)
            account.save(update_fields=["attributes"])
        replace_domains(account, domains)
        replace_verified(account, verified_domains)
        mark_accounts_dirty(account_ids=[account.pk], reason="account", at=at)
    return account


def update_account(
    *,
    account: Account,
    changes: Mapping[str, Any],
    at: dt.datetime,
    by: User | None = None,
    on: dt.date | None = None,
) -> Account:
    """Change any part of an account at once and return it as it is now.

    :param changes: plain columns, `status`, `phase`, `tier`, `touch_model`, `churn_reason`,
        `parent`, `domains` (all of them), `verified_domains` (all of them, too), `attributes`
        (those named; None takes one away).
    :param on: the day from which dated values hold, today unless given.
    :raises UnknownMember: for anything else.
    :raises UnknownCountry: for a country that is none.
    :raises CyclicHierarchy: when the new parent stands below the account.
    """
    plain = with_country(changes)
    today = Organisation.objects.day_of(at)
    on = on or today
    refuse_future(on=on, today=today, member="on")
    with written_by(by), refusing(_CONFLICTS):
        locked = lock_account(account)
        dirty = {locked.pk} | _change_beside(locked, plain, on=on, today=today, at=at)
        reason = plain.pop("churn_reason", None)
        dated = {name: plain.pop(name) for name in sorted(DATED & set(plain))}
        was_tracked, was_lost = locked.tracked, locked.status == AccountStatus.CHURNED
        apply_changes(locked, plain, allowed=PLAIN)
        if locked.tracked != was_tracked:
            set_current_value(locked, "tracked", locked.tracked, on=on, at=at)
        for name, value in dated.items():
            _set_dated(locked, name, value, on=on, at=at, today=today)
        _note_end(locked, on=on, at=at, reason=reason, moved="status" in dated)
        _save(locked, at=at)
        if was_lost != (locked.status == AccountStatus.CHURNED):
            refresh_contract_figures(account_ids=[locked.pk], at=at)
            locked.refresh_from_db(fields=CONTRACTUAL)
        if len(dirty) > 1 or WEIGHTY & set(changes) or "attributes" in changes:
            mark_accounts_dirty(account_ids=sorted(dirty), reason="account", at=at)
    return locked


def verify_domain(
    *, account: Account, domain: str, is_real: bool, at: dt.datetime, by: User | None = None
) -> None:
    """Say of one domain whether it is really the account's; of the others what stands then.

    :raises ForeignDomain: for a domain the account no longer has.
    """
    with written_by(by):
        verified = lock_account(account).domains.filter(is_verified=True)
        domains = set(verified.values_list("domain", flat=True))
        domains = domains | {domain} if is_real else domains - {domain}
        update_account(account=account, changes={"verified_domains": sorted(domains)}, at=at, by=by)


def _change_beside(
    account: Account, plain: dict[str, Any], *, on: dt.date, today: dt.date, at: dt.datetime
) -> set[int]:
    """Take parent, domains and attributes out of the changes and make them.

    Return the ids of the accounts above whose group changes.
    """
    above = _move(account, plain.pop("parent")) if "parent" in plain else set()
    if "domains" in plain:
        replace_domains(account, plain.pop("domains"))
    if "verified_domains" in plain:
        replace_verified(account, plain.pop("verified_domains"))
    if "attributes" in plain:
        put_attributes(account, plain.pop("attributes"), on=on, today=today, at=at)
    return above


def change_status(
    *,
    account: Account,
    status: AccountStatus | str,
    at: dt.datetime,
    on: dt.date | None = None,
    reason: str = "",
    by: User | None = None,
) -> Account:
    """Change the status from day `on`; `reason` says why a customer churned.

    :raises InTheFuture: for a day after today.
    """
    changes = {"status": status, "churn_reason": reason}
    return update_account(account=account, changes=changes, on=on, at=at, by=by)


def change_phase(
    *,
    account: Account,
    phase: Phase | str,
    at: dt.datetime,
    on: dt.date | None = None,
    by: User | None = None,
) -> Account:
    """Change the phase from day `on`.

    :raises InTheFuture: for a day after today.
    """
    return update_account(account=account, changes={"phase": phase}, on=on, at=at, by=by)


def set_attributes(
    *,
    account: Account,
    values: Mapping[str, Any],
    at: dt.datetime,
    on: dt.date | None = None,
    by: User | None = None,
) -> Account:
    """Set custom attributes from day `on`; None takes one away.

    :raises BadAttributes: for an unknown key, or a value its type does not take.
    """
    return update_account(account=account, changes={"attributes": values}, on=on, at=at, by=by)


def archive_account(*, account: Account, at: dt.datetime, by: User | None = None) -> Account:
    """Take the account out of every list; its facts and history stay. Twice is once."""
    with written_by(by):
        locked = hold_account(account.pk)
        if locked.archived_at is None:
            locked.archived_at = locked.updated_at = at
            locked.save(update_fields=["archived_at", "updated_at"])
            mark_accounts_dirty(account_ids=[locked.pk], reason="archived", at=at)
    return locked


def restore_account(*, account: Account, at: dt.datetime, by: User | None = None) -> Account:
    """Bring an archived account back.

    :raises AccountMerged: when it went into another; undoing the merge brings it back.
    """
    with written_by(by):
        locked = hold_account(account.pk)
        if locked.merged_into_id is not None:
            raise AccountMerged
        locked.archived_at, locked.updated_at = None, at
        locked.save(update_fields=["archived_at", "updated_at"])
        mark_accounts_dirty(account_ids=[locked.pk], reason="restored", at=at)
    return locked


def lock_account(account: Account) -> Account:
    """Read the account anew and keep other writers of its facts waiting.

    :raises AccountArchived: when it is archived.
    """
    locked = hold_account(account.pk)
    if locked.archived_at is not None:
        raise AccountArchived
    return locked


def hold_account(pk: int) -> Account:
    """Read the account anew, archived or not, and keep merges and other writers waiting."""
    held: Account = Account.objects.select_for_update(no_key=True).get(pk=pk)
    return held


def hold_accounts(keys: Collection[int]) -> None:
    """Keep merges and other writers of several accounts waiting, in one order always."""
    rows = Account.objects.select_for_update(no_key=True)
    list(rows.filter(pk__in=keys).order_by("pk").values_list("pk"))


def _derive(account: Account) -> None:
    if account.corporate_number:
        try:
            account.corporate_number = parse_corporate_number(account.corporate_number)
        except BadCorporateNumber as error:
            raise WrongCorporateNumber from error
    known_as = (
        account.name,
        account.short_name,
        account.name_kana,
        account.name_latin,
        account.external_id,
    )
    account.name_key = name_key(account.name)
    account.search_text = "\n".join(fold_for_search(text) for text in known_as if text)


def _save(account: Account, *, at: dt.datetime) -> None:
    _derive(account)
    account.updated_at = at
    account.save()


def _move(account: Account, parent: Account | None) -> set[int]:
    """Set the parent and return both parents, whose roll-ups change."""
    before = account.parent_id
    refuse_cycle(row=account, parent=parent)
    account.parent = parent
    return {pk for pk in (before, account.parent_id) if pk and before != account.parent_id}


def _set_dated(
    account: Account, name: str, value: Any, *, on: dt.date, at: dt.datetime, today: dt.date
) -> None:
    """Record the fact and keep the column at the value that holds today."""
    before = getattr(account, name)
    setattr(account, name, value)
    check_columns(account, only=[name])
    if name in ("tier", "touch_model"):
        set_current_value(account, name, value, on=on, at=at)
        setattr(account, name, _value_today(account.attribute_values.filter(key=name), today))
        return
    model = AccountStatusFact if name == "status" else AccountPhaseFact
    put_fact(model, owner={"account": account}, values={name: value}, on=on, at=at)
    facts = model.objects.filter(account=account)
    holding = facts.current().holding_on(today).values_list(name, flat=True).first()
    setattr(account, name, holding or before)


def _value_today(values: Any, today: dt.date) -> Any:
    return values.current().holding_on(today).values_list("value", flat=True).get()


def _note_end(
    account: Account, *, on: dt.date, at: dt.datetime, reason: str | None, moved: bool
) -> None:
    """Keep the day and reason of a churn; a customer who came back has neither."""
    before = account.churn_reason
    if reason is not None:
        account.churn_reason = reason
    if account.status != AccountStatus.CHURNED:
        account.churned_on, account.churn_reason = None, ""
    elif moved:
        account.churned_on = on
    check_columns(account, only=["churn_reason"])
    if account.churn_reason != before:
        set_current_value(account, "churn_reason", account.churn_reason, on=on, at=at)
