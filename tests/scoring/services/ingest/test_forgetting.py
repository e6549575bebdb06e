"""Batches that were given up forget who is erased; what was done counts when they are replayed."""

import json

import pytest

from accounts.models import Account
from accounts.services.privacy.erasure import apply_erasure, request_erasure
from accounts.services.privacy.people import person_of
from scoring.domain.wire import pack, read_object, unpack
from scoring.models import IngestBatch
from scoring.services.ingest.batches import process_accepted, replay_dead_batches
from tests.factories import make_account, make_contact, make_organisation
from tests.scoring.ingest import NOW, counts_by_day, make_item, make_write_key, send
from tests.threads import during

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
MAIL = "nishida@acme.example"
OF_THEIRS = (
    make_item(groupId="acme", userId="kn-77"),
    make_item(userId="u-2", context={"groupId": "acme"}, properties={"to": "ニシダ・カオリ"}),
    make_item(groupId="acme", userId="u-3", properties={"phone": 819098765432}),
    make_item(groupId="acme", userId="u-4", messageId=f"m:{MAIL.upper()}"),
    make_item(type="identify", groupId="acme", userId="u-5", traits={"mail": MAIL}),
)
OTHERS = (
    make_item(groupId="acme", userId="u-9", properties={"by": "西田 太郎"}),
    make_item(groupId="other", userId="u-8", properties={"by": "西田　香"}),
)


@pytest.fixture
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def make_erasure():
    contact = make_contact(
        account=make_account(external_id="acme"), external_id="KN-77", email=MAIL,
        family_name="西田", given_name="香", family_kana="にしだ", given_kana="かおり",
        phone="090-9876-5432",
    )  # fmt: skip
    return request_erasure(person=person_of(contact), at=NOW, by=None)


def give_up(*items) -> IngestBatch:
    send(make_write_key(), *items)
    batch = IngestBatch.objects.latest("pk")
    IngestBatch.objects.filter(pk=batch.pk).update(dead_at=NOW, attempts=5, last_error=f"of {MAIL}")
    return batch


def body_of(batch: IngestBatch) -> list:
    batch.refresh_from_db()
    return read_object(unpack(bytes(batch.body), limit=1 << 20))["batch"]


def test_what_is_left_of_a_batch_given_up_is_what_was_done():
    make_organisation()
    erasure = make_erasure()
    make_account(external_id="other")
    batch = give_up(*OF_THEIRS, *OTHERS)

    counts = apply_erasure(erasure=erasure, at=NOW)

    left = body_of(batch)
    assert counts["batches"] == 1
    assert [sorted(item) for item in left[:2]] == [
        ["event", "groupId", "messageId", "timestamp", "type"]
    ] * 2
    assert left[4] == {}
    assert left[5:] == [*OTHERS]
    told = json.dumps(left, ensure_ascii=False).lower() + batch.last_error
    assert [word for word in ("kn-77", "ニシダ", "819098765432", MAIL) if word in told] == []
    replay_dead_batches(ids=[batch.pk], at=NOW)
    process_accepted(at=NOW)
    assert sum(counts_by_day(account__external_id="acme").values()) == 5
    assert sum(counts_by_day(account__external_id="other").values()) == 1


def test_a_batch_of_others_stays_to_the_byte():
    make_organisation()
    erasure = make_erasure()
    batch = give_up(*OTHERS)
    before = bytes(batch.body)

    counts = apply_erasure(erasure=erasure, at=NOW)

    batch.refresh_from_db()
    assert bytes(batch.body) == before
    assert "batches" not in counts


@pytest.mark.parametrize("group", [{"id": "acme"}, ["acme"], True])
def test_an_item_with_no_id_for_its_account_stops_no_erasure(group):
    make_organisation()
    erasure = make_erasure()
    batch = give_up(*OTHERS, make_item(groupId=group, userId="kn-77"), make_item(userId="u-9"))

    apply_erasure(erasure=erasure, at=NOW)

    assert body_of(batch)[len(OTHERS)] == {}


def test_a_number_that_names_the_account_is_its_id():
    make_organisation()
    erasure = make_erasure()
    Account.objects.update(external_id="4711")
    batch = give_up(make_item(groupId=4711, userId="u-2", properties={"to": "西田香"}))

    apply_erasure(erasure=erasure, at=NOW)

    assert "properties" not in body_of(batch)[0]


def test_what_was_refused_stays_refused_in_a_body_that_is_written_anew():
    make_organisation()
    erasure = make_erasure()
    batch = give_up(OF_THEIRS[0], make_item(groupId="acme", properties={"n": float("nan")}))

    apply_erasure(erasure=erasure, at=NOW)

    replay_dead_batches(ids=[batch.pk], at=NOW)
    process_accepted(at=NOW)
    assert sum(counts_by_day(account__external_id="acme").values()) == 1


def test_a_body_that_is_broken_goes():
    make_organisation()
    erasure = make_erasure()
    batch = give_up(*OTHERS)
    IngestBatch.objects.filter(pk=batch.pk).update(body=pack(MAIL.encode())[:-4])

    apply_erasure(erasure=erasure, at=NOW)

    assert body_of(batch) == [{}]


@pytest.mark.django_db(transaction=True)
def test_an_erasure_never_waits_for_a_batch_whose_worker_waits_for_it():
    make_organisation()
    erasure = make_erasure()
    send(make_write_key(), *OF_THEIRS)

    [counts] = during(
        lambda: list(IngestBatch.objects.select_for_update()),
        lambda: apply_erasure(erasure=erasure, at=NOW),
    )

    assert counts["contacts"] == 1
    assert "batches" not in counts
