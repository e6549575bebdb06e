import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoring.models import EventQuarantine, IngestBatch, WriteKey
from scoring.services.write_keys import find_write_key
from tests.factories import make_user
from tests.scoring.ingest import NOW, make_write_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(make_user(role="administrator", is_staff=True, is_superuser=True))
    return client


def test_a_new_key_is_shown_once(admin):
    response = admin.post(
        reverse("admin:scoring_writekey_add"),
        {"name": "Product", "allowed_traits": ["contact.title"]},
        follow=True,
    )

    message = str(next(iter(response.context["messages"])))
    stored = find_write_key(secret=message.split()[-1])
    assert stored.allowed_traits == ["contact.title"]
    again = admin.get(reverse("admin:scoring_writekey_change", args=[stored.pk]))
    assert message.split()[-1] not in again.content.decode()


def test_a_key_that_makes_accounts_needs_a_team(admin):
    response = admin.post(
        reverse("admin:scoring_writekey_add"), {"name": "Product", "creates_accounts": "on"}
    )

    assert response.status_code == 200
    assert not WriteKey.objects.exists()


def test_keys_are_revoked_not_deleted(admin):
    key = make_write_key()
    chosen = {"action": "revoke", "_selected_action": [key.pk]}

    admin.post(reverse("admin:scoring_writekey_changelist"), chosen)

    key.refresh_from_db()
    assert key.revoked_at is not None
    assert admin.post(reverse("admin:scoring_writekey_delete", args=[key.pk])).status_code == 403


def test_dead_batches_are_tried_again_by_hand(admin):
    batch = IngestBatch.objects.create(
        write_key=make_write_key(), received_at=NOW, items=1, attempts=5, dead_at=NOW, body=b""
    )
    chosen = {"action": "replay", "_selected_action": [batch.pk]}

    admin.post(reverse("admin:scoring_ingestbatch_changelist"), chosen)

    batch.refresh_from_db()
    assert (batch.dead_at, batch.attempts) == (None, 0)


def test_lists_take_as_many_queries_for_seven_rows_as_for_one(admin):
    def queries(page):
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(reverse(page)).status_code == 200
        return len(captured)

    def add(count):
        for _ in range(count):
            key = make_write_key()
            IngestBatch.objects.create(write_key=key, received_at=NOW, items=1)
            EventQuarantine.objects.create(
                write_key=key,
                batch_id=1,
                message_id="0" * 32,
                kind="track",
                group_key="acme",
                occurred_at=NOW,
                received_at=NOW,
            )

    pages = [
        "admin:scoring_writekey_changelist",
        "admin:scoring_ingestbatch_changelist",
        "admin:scoring_eventquarantine_changelist",
    ]
    add(1)
    one = [queries(page) for page in pages]
    add(6)
    assert [queries(page) for page in pages] == one
