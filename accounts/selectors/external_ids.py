"""By which ids other systems know an account."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Concat

from accounts.choices import IdentifiedKind
from accounts.domain.corporate_number import BadCorporateNumber, parse_corporate_number
from accounts.domain.web_domains import domains_named
from accounts.models import Account, AccountDomain, ExternalRef
from accounts.querysets import AccountQuerySet, holding


def external_ids_of(account: Account) -> list[tuple[str, str]]:
    """Return (system, id) of an account, by system."""
    rows = ExternalRef.objects.filter(kind=IdentifiedKind.ACCOUNT, object_id=account.pk)
    return list(rows.order_by("source", "value").values_list("source", "value"))


def external_ids_expression() -> Subquery:
    """Return the ids of an account in other systems as one text: salesforce:001, hubspot:7."""
    refs = ExternalRef.objects.filter(kind=IdentifiedKind.ACCOUNT, object_id=OuterRef("pk"))
    named: Any = (
        refs.order_by()
        .values("object_id")
        .annotate(
            every=StringAgg(
                Concat("source", Value(":"), "value", output_field=TextField()),
                ", ",
                ordering=("source", "value"),
            )
        )
    )
    return Subquery(named.values("every"), output_field=TextField())


def accounts_called(accounts: AccountQuerySet, text: str) -> AccountQuerySet:
    """Keep accounts whose names or ids contain every word, or that are known by just this text."""
    return accounts.filter(holding("search_text", text) | known_by(text))


def known_by(text: str) -> Q:
    """Return the rule for what names an account as a whole; an empty one where nothing does.

    That is an id in another system, a corporate number however it is typed, and a web or mail
    domain, also within an address. All three have an index; one statement asks them.
    """
    text = text.replace("\0", " ").strip()
    if not text:
        return Q()
    refs = ExternalRef.objects.filter(kind=IdentifiedKind.ACCOUNT, value=text)
    found = [refs.values_list("object_id")]
    if domains := domains_named(text):
        found.append(AccountDomain.objects.filter(domain__in=domains).values_list("account_id"))
    try:
        number = parse_corporate_number(text)
    except BadCorporateNumber:
        pass
    else:
        found.append(Account.objects.filter(corporate_number=number).order_by().values_list("pk"))
    rows = found[0].union(*found[1:]) if found[1:] else found[0]
    known = sorted({pk for (pk,) in rows})
    return Q(pk__in=known) if known else Q()
