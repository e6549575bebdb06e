"""An import taken back while people work: once, and what they touch stays theirs."""

import pytest

from accounts.models import Account
from accounts.services.accounts import AccountArchived, update_account
from accounts.services.imports.undo import (
    AlreadyUndone,
    kept_of,
    open_undo,
    undo_here,
)
from tests.accounts.importers.files import AT, take_in
from tests.threads import at_once, during

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = ["external_id", "name"]


@pytest.fixture
def run(team):
    return take_in("accounts", HEADER, ["A-1", "青嶺"], ["A-2", "白川"])


def test_an_import_is_taken_back_once_however_many_ask(run):
    told = at_once([lambda: open_undo(run=run, at=AT)] * 4, refused=AlreadyUndone)
    assert sorted(told) == ["done", "refused", "refused", "refused"]


def test_a_row_that_is_being_edited_stays(run):
    edited = Account.objects.get(external_id="A-1")

    told = during(
        lambda: update_account(account=edited, changes={"short_name": "青"}, at=AT),
        lambda: undo_here(run=run, at=AT),
    )

    assert [(row.record, row.reason) for row in kept_of(told[0])] == [("青嶺 (A-1)", "edited")]
    assert [one.external_id for one in Account.objects.unarchived()] == ["A-1"]


def test_an_edit_that_comes_second_is_refused_for_a_row_that_went(run):
    edited = Account.objects.get(external_id="A-1")

    told = during(
        lambda: undo_here(run=run, at=AT),
        lambda: update_account(account=edited, changes={"short_name": "青"}, at=AT),
    )

    assert [type(one) for one in told] == [AccountArchived]
    assert not Account.objects.unarchived().exists()


def test_an_edit_that_comes_second_keeps_what_the_undo_gave_back(run):
    changed = take_in("accounts", HEADER, ["A-1", "青嶺精機"])
    edited = Account.objects.get(external_id="A-1")

    told = during(
        lambda: undo_here(run=changed, at=AT),
        lambda: update_account(account=edited, changes={"short_name": "青"}, at=AT),
    )

    assert [one.pk for one in told] == [edited.pk]
    edited.refresh_from_db()
    assert (edited.name, edited.short_name) == ("青嶺", "青")


def test_an_edit_of_another_field_that_comes_first_stays_through_the_undo(run):
    changed = take_in("accounts", HEADER, ["A-1", "青嶺精機"])
    edited = Account.objects.get(external_id="A-1")

    during(
        lambda: update_account(account=edited, changes={"short_name": "青"}, at=AT),
        lambda: undo_here(run=changed, at=AT),
    )

    edited.refresh_from_db()
    assert edited.short_name == "青"


def test_what_is_left_is_taken_back_once_however_many_ask(run):
    edited = Account.objects.get(external_id="A-1")
    update_account(account=edited, changes={"short_name": "青"}, at=AT)
    undo_here(run=run, at=AT)
    update_account(account=edited, changes={"short_name": ""}, at=AT)

    told = at_once([lambda: undo_here(run=run, at=AT)] * 4, refused=AlreadyUndone)

    assert sorted(told) == ["done", "refused", "refused", "refused"]
    assert not Account.objects.unarchived().exists()
