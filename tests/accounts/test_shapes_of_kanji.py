"""Names there were before shapes of kanji were folded, and what finds them since."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from accounts.choices import MergeKind
from accounts.models import Account, AccountEvent, Contact, ContactEvent, Touchpoint
from accounts.selectors.duplicates import duplicate_pairs
from accounts.services.contacts import derive
from tests.factories import make_account, make_contact, make_touchpoint

pytestmark = pytest.mark.django_db
MIGRATION = import_module("accounts.migrations.0028_shapes_of_kanji")
COLUMNS = """
SELECT a.attname, a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = 'accounts_touchpoint'::regclass AND a.attgenerated <> '' ORDER BY 1
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE tablename = 'accounts_touchpoint' ORDER BY 1"


def asked(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_names_stored_before_are_folded_anew(django_assert_num_queries):
    account = make_account(name="髙﨑商會株式會社")
    contact = make_contact(account=account, family_name="渡邉", given_name="眞")
    Account.objects.filter(pk=account.pk).update(
        name_key="髙﨑商會株式會社", search_text="髙﨑商會"
    )
    Contact.objects.filter(pk=contact.pk).update(search_text="渡邉眞")
    told = AccountEvent.objects.count(), ContactEvent.objects.count()

    with django_assert_num_queries(8), connection.schema_editor(atomic=False) as editor:
        MIGRATION.fold_names(apps, editor)

    account.refresh_from_db()
    assert (account.name_key, account.search_text) == ("高崎商会", "高崎商会")
    assert list(Account.objects.search("高崎")) == [account]
    assert list(Contact.objects.search("渡辺真")) == [contact]
    assert (AccountEvent.objects.count(), ContactEvent.objects.count()) == told


@pytest.mark.as_owner
def test_talks_are_folded_as_the_model_says():
    talk = make_touchpoint(account=make_account(), subject="髙橋様と打合せ")
    columns, indexes = asked(COLUMNS), asked(INDEXES)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(MIGRATION.TALKS)

    assert (asked(COLUMNS), asked(INDEXES)) == (columns, indexes)
    assert list(Touchpoint.objects.filter(search_text__holds="高橋")) == [talk]


def test_people_of_one_name_in_two_shapes_are_a_pair(admin_user):
    account = make_account()
    for family in ("髙橋", "高橋"):
        contact = make_contact(account=account, family_name=family, given_name="一郎", email="")
        derive(contact)
        contact.save()

    (pair,) = duplicate_pairs(kind=MergeKind.CONTACT, user=admin_user, size=9)

    assert pair.reasons == ["name"]
