"""Every registered list is a file, with the rows, columns and order of its page."""

import pytest

from accounts.models import Export
from accounts.registry import lists
from accounts.services.exports.sources import UnknownList
from tests.accounts.services.exports.files import csv_rows, export_now, xlsx_rows
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user
from tests.route_records import RECORDS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def user():
    return make_user(team=make_team())


def test_contacts_come_out_as_the_page_shows_them(user):
    account = make_account(team=user.teams.get(), name="青嶺精機", external_id="A-1")
    make_contact(account=account, family_name="沢", given_name="", family_kana="サワ")
    make_contact(account=account, family_name="=相", given_name="", family_kana="アイ")
    make_contact(account=make_account(), family_name="他")

    export = export_now(user, source="contacts", query="columns=account&sort=-name", header="keys")

    assert csv_rows(export) == [
        ["name", "account", "account_external_id"],
        ["沢", "青嶺精機", "A-1"],
        ["'=相", "青嶺精機", "A-1"],
    ]


@pytest.mark.parametrize("key", list(lists))
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_comes_out_in_both_formats(key, kind):
    user = make_user(role="administrator")
    account = make_account()
    for make in [make for model, make in RECORDS.items() if model is not Export]:
        make(account)

    export = export_now(user, source=key, format=kind)

    rows = csv_rows(export) if kind == "csv" else xlsx_rows(export)
    assert len(rows) == export.rows + 1
    assert len(rows[0]) >= len([column for column in lists.get(key).columns if column.is_default])


@pytest.mark.parametrize("key", list(lists))
def test_who_may_see_nothing_of_a_kind_takes_nothing_out(key):
    user = make_user(role="privacy_officer")
    allowed = lists.get(key).kind in {"account", "contact", "survey"}

    if allowed:
        export_now(user, source=key)
    else:
        with pytest.raises(UnknownList):
            export_now(user, source=key)

    assert Export.objects.exists() == allowed
