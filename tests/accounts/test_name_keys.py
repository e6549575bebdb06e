"""Accounts there were before more company forms were cut."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import Account, AccountEvent
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def test_keys_stored_before_are_folded_anew(django_assert_num_queries):
    limited, japanese, plain = (
        make_account(name=name) for name in ("Aomine Limited", "㈳青嶺", "青嶺精機株式会社")
    )
    Account.objects.filter(pk=limited.pk).update(name_key="aominelimited")
    Account.objects.filter(pk=japanese.pk).update(name_key="(社)青嶺")
    Account.objects.filter(pk=plain.pk).update(name_key="青嶺精機")
    migration = import_module("accounts.migrations.0017_name_keys")

    told = list(AccountEvent.objects.values_list("pk", flat=True))

    with django_assert_num_queries(4), connection.schema_editor(atomic=False) as editor:
        migration.fold_anew(apps, editor)

    assert list(AccountEvent.objects.values_list("pk", flat=True)) == told
    keys = Account.objects.in_bulk([limited.pk, japanese.pk, plain.pk])
    told = [keys[row.pk].name_key for row in (limited, japanese, plain)]
    assert told == ["aomine", "青嶺", "青嶺精機"]
    with django_assert_num_queries(1), connection.schema_editor(atomic=False) as editor:
        migration.fold_anew(apps, editor)
    Account.objects.filter(pk=plain.pk).update(name="青嶺商会")
    assert AccountEvent.objects.filter(pgh_obj_id=plain.pk, name="青嶺商会").exists()


def test_an_account_renamed_meanwhile_keeps_its_key():
    account = make_account(name="青嶺商会")
    migration = import_module("accounts.migrations.0017_name_keys")

    with connection.cursor() as cursor:
        cursor.execute(migration.UPDATE, [[account.pk], ["青嶺精機"], ["青嶺精機"]])

    account.refresh_from_db()
    assert account.name_key == "青嶺商会"
