"""By which ids other systems know an account."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Concat

from accounts.choices import MergeKind
from accounts.models import Account, ExternalRef
from accounts.querysets import AccountQuerySet


def external_ids_of(account: Account) -> list[tuple[str, str]]:
    """Return (system, id) of an account, by system."""
    rows = ExternalRef.objects.filter(kind=MergeKind.ACCOUNT, object_id=account.pk)
    return list(rows.order_by("source", "value").values_list("source", "value"))


def external_ids_expression() -> Subquery:
    """Return the ids of an account in other systems as one text: salesforce:001, hubspot:7."""
    refs = ExternalRef.objects.filter(kind=MergeKind.ACCOUNT, object_id=OuterRef("pk"))
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
    """Keep accounts whose names or ids contain every word, or that have just this id elsewhere."""
    refs = ExternalRef.objects.filter(kind=MergeKind.ACCOUNT, value=text.strip())
    known = list(refs.values_list("object_id", flat=True)) if text.strip() else []
    named = accounts.search(text)
    return named | accounts.filter(Q(pk__in=known)) if known else named
