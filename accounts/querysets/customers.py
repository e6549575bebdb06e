"""The customer record: accounts, contracts, people, and the merges of both."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.lookups import In

from accounts.choices import AccountStatus, ContactState, RecordKind
from accounts.conditions import compile_rules, condition_annotations
from accounts.domain.phone_numbers import phone_digits
from accounts.domain.rules import Group, Moment, fields_of
from accounts.querysets.reach import ScopedQuerySet, SearchedQuerySet, holding
from accounts.registry import field_of
from config.lib.folding import PhoneDigits
from config.lib.recorded import RecordedQuerySet


class AccountQuerySet(SearchedQuerySet, ScopedQuerySet):  # type: ignore[override]
    account_path = ""
    record_kind = RecordKind.ACCOUNT

    def open_for(self, user: Any, kind: str) -> Self:
        """Keep accounts the user sees and may add records of `kind` to."""
        return self.visible_to(user)._within(user, write=True, kind=kind)

    def showing(self, user: Any, kind: str) -> Self:
        """Keep accounts the user sees together with their records of `kind`."""
        return self.visible_to(user)._within(user, write=False, kind=kind)

    def unarchived(self) -> Self:
        """Leave out what was archived."""
        return self.filter(archived_at__isnull=True)

    def active(self) -> Self:
        """Keep customers that are not archived and have not churned."""
        return self.unarchived().exclude(status=AccountStatus.CHURNED)

    def with_fields(self, *keys: str, at: dt.datetime) -> Self:
        """Annotate each account with registered fields, as `Field.alias` names them.

        :raises UnknownKey: for a field nobody registered.
        """
        wanted = [field_of(key) for key in keys]
        wanted += [field_of(key) for field in wanted for key in field.needs]
        return self.annotate(
            **{field.alias: field.expression(at) for field in wanted if not field.column}
        )

    def matching(self, rules: Group, moment: Moment) -> Self:
        """Keep accounts that fulfil a rule tree."""
        annotated = self.annotate(**condition_annotations(fields_of(rules), moment))
        return annotated.filter(compile_rules(rules, moment))

    def renewing_within(self, days: int, *, today: dt.date) -> Self:
        """Keep accounts whose actionable renewal date lies in the next `days` calendar days."""
        return self.filter(renewal_on__gte=today, renewal_on__lte=today + dt.timedelta(days=days))


class AccountFactQuerySet(ScopedQuerySet, RecordedQuerySet):  # type: ignore[override]
    """Dated facts of accounts: who sees the account sees what it was."""


class ShareQuerySet(ScopedQuerySet):
    """To whom an account is shown beyond its team; who sees the account sees that."""


def _last_day() -> models.Func:
    return models.Func(
        *("ends_on", "auto_renews", "notice_received_on", "notice_months"),
        function="accounts_covered_until",
        output_field=models.DateField(),
    )


class ContractQuerySet(ScopedQuerySet):
    record_kind = RecordKind.CONTRACT

    def unarchived(self) -> Self:
        """Leave out what was entered by mistake."""
        return self.filter(archived_at__isnull=True)

    def of_stayers(self) -> Self:
        """Leave out those of customers that churned, which end with them."""
        return self.exclude(account__status=AccountStatus.CHURNED)

    def with_last_day(self) -> Self:
        """Annotate `last_day`, the last that is covered; None while nothing ends the contract."""
        return self.annotate(last_day=_last_day())

    def lasting(self, *, on: dt.date | models.Expression) -> Self:
        """Leave out what was over before a day; what lies ahead stays."""
        rows = self.alias(last_day=_last_day())
        return rows.filter(Q(last_day__isnull=True) | Q(last_day__gte=on))

    def in_force(self, *, on: dt.date | models.Expression) -> Self:
        """Keep contracts that run on a day: begun, not over, and of a customer that stayed."""
        return self.unarchived().of_stayers().lasting(on=on).filter(starts_on__lte=on)


def numbered(text: str) -> Q:
    """Return the rule that a contact has this telephone number; an empty one for no number."""
    digits = phone_digits(text)
    return ~Q(phone="") & Q(In(PhoneDigits("phone"), digits)) if digits else Q()


class ContactQuerySet(SearchedQuerySet, ScopedQuerySet):  # type: ignore[override]
    record_kind = RecordKind.CONTACT

    def search(self, text: str) -> Self:
        """Keep people whose names, addresses or ids contain every word, or who have this number."""
        return self.filter(holding("search_text", text) | numbered(text))

    def present(self, *, on: dt.date) -> Self:
        """Leave out people who by day `on` left the customer or their post, or were archived.

        A departure that lies ahead is known, but the person is still there.
        """
        gone = Q(state__in=[ContactState.LEFT, ContactState.TRANSFERRED])
        begun = Q(state_on__isnull=True) | Q(state_on__lte=on)
        return self.filter(~(gone & begun), archived_at__isnull=True)

    def playing(self, roles: Sequence[str], *, on: dt.date | models.Expression) -> Self:
        """Keep who plays one of these parts on a day, whatever else they are."""
        parts = apps.get_model("accounts", "StakeholderRole")._default_manager
        of_person = parts.filter(role__in=roles, contact=models.OuterRef("pk"))
        return self.filter(models.Exists(of_person.current().holding_on(on)))


class MergeQuerySet(ScopedQuerySet):
    """Merges concern who sees the account that stayed; those of contacts, who sees contacts."""

    record_kinds: ClassVar[tuple[str, ...]] = (RecordKind.ACCOUNT, RecordKind.CONTACT)

    def _within(self, user: Any, *, write: bool, kind: str = "") -> Self:
        accounts = super()._within(user, write=write)
        people = super()._within(user, write=write, kind=RecordKind.CONTACT)
        merged = Q(kind="account") & Q(pk__in=accounts.values("pk"))
        return self.filter(merged | Q(kind="contact") & Q(pk__in=people.values("pk")))
