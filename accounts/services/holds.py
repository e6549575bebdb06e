"""Records held while somebody's form is compared with them and written."""

from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.models import Touchpoint
from accounts.services.accounts import hold_account, hold_accounts


def hold_record(model: Any, pk: int) -> None:
    """Keep other writers of a row waiting until the transaction ends, its account first.

    That is the order every writer keeps; a row that is not there holds nothing.
    """
    rows = model._base_manager.filter(pk=pk)
    if any(field.attname == "account_id" for field in model._meta.concrete_fields):
        account = rows.values_list("account_id", flat=True).first()
        if account is not None:
            hold_account(account)
    list(rows.select_for_update(no_key=True).values_list("pk"))


def hold_talk(pk: int) -> None:
    """Keep other writers of a talk waiting, at whichever of its accounts they write it.

    The accounts first: who brings a talk back, or makes a task of it, holds those.
    """
    group = Touchpoint.objects.filter(pk=pk).values("group")
    rows = Touchpoint.objects.filter(Q(pk=pk) | Q(group__in=group.exclude(group=None)))
    hold_accounts(list(rows.values_list("account_id", flat=True)))
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def hold_name(name: str) -> None:
    """Keep whoever holds the same name waiting until the transaction ends.

    For settings that have no row before they are first changed.
    """
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
