"""The product may send on what an erased person does: it counts, and nobody is taken up again."""

import pytest

from accounts.models import Contact, Erasure
from accounts.services.privacy.erasure import apply_erasure, reapply_erasures, request_erasure
from accounts.services.privacy.people import person_of
from scoring.models import EventQuarantine, UsageUser, UserAlias, WaitingKey
from tests.accounts.services.privacy.dump import tables_mentioning
from tests.factories import make_account, make_contact, make_organisation
from tests.scoring.ingest import NOW, counts_by_day, deliver, make_item, make_write_key
from tests.threads import during

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
USER = "kaori.nishida-77"


@pytest.fixture
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def key():
    make_organisation()
    return make_write_key()


@pytest.fixture
def erased(key, django_capture_on_commit_callbacks):
    """Somebody whom the product knows was erased."""
    account = make_account(external_id="acme")
    contact = make_contact(account=account, external_id=USER, email="nishida@acme.example")
    deliver(key, make_item(groupId="acme", userId=USER))
    erasure = request_erasure(person=person_of(contact), at=NOW, by=None)
    with django_capture_on_commit_callbacks(execute=True):
        apply_erasure(erasure=erasure, at=NOW)
    assert tables_mentioning(USER) == set()
    return account


def test_what_they_do_counts_for_their_account_without_them(key, erased):
    people = UsageUser.objects.count()
    deliver(key, make_item(groupId="acme", userId=USER, properties={"by": USER}))

    assert sum(counts_by_day(account=erased).values()) == 2
    assert UsageUser.objects.count() == people
    assert tables_mentioning(USER) == set()


@pytest.mark.parametrize("written", [USER.upper(), f" {USER} "])
def test_another_writing_of_the_id_is_theirs_too(key, erased, written):
    deliver(key, make_item(groupId="acme", userId=written))
    assert tables_mentioning(USER, written.strip()) == set()


@pytest.mark.parametrize(
    "message",
    [
        make_item(userId=USER),
        make_item(type="identify", userId=USER, groupId="acme", traits={"name": USER}),
        make_item(type="alias", userId="new-id", previousId=USER),
        make_item(type="alias", userId=USER, previousId="old-id"),
    ],
    ids=["no group", "identify", "alias from", "alias to"],
)
def test_what_says_only_who_they_are_is_not_stored(key, erased, message):
    deliver(key, message)

    assert tables_mentioning(USER) == set()
    assert not EventQuarantine.objects.exists()
    assert not WaitingKey.objects.exists()
    assert not UserAlias.objects.exists()
    assert not Contact.objects.filter(is_ghost=True, archived_at=None).exists()


def test_others_are_taken_up_as_ever(key, erased):
    deliver(key, make_item(groupId="acme", userId="u-9"))
    assert Contact.objects.get(external_id="u-9").is_ghost


def test_a_restore_and_a_second_erasure_keep_the_hashes(key, erased):
    kept = list(Erasure.objects.get().user_keys)
    assert len(kept) == 2
    Erasure.objects.all().delete()

    assert reapply_erasures(at=NOW) == 1

    assert list(Erasure.objects.get().user_keys) == kept
    deliver(key, make_item(groupId="acme", userId=USER))
    assert tables_mentioning(USER) == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("erasure_first", [True, False])
def test_an_erasure_and_a_batch_at_the_same_moment_leave_nobody(erasure_first):
    make_organisation()
    key = make_write_key()
    contact = make_contact(account=make_account(external_id="acme"), external_id=USER)
    erasure = request_erasure(person=person_of(contact), at=NOW, by=None)

    def erase():
        apply_erasure(erasure=erasure, at=NOW)

    def count():
        deliver(key, make_item(groupId="acme", userId=USER))

    told = during(*((erase, count) if erasure_first else (count, erase)))

    assert told == [None]
    assert tables_mentioning(USER) == set()
    assert sum(counts_by_day().values()) == 1
