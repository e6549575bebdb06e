import base64
import datetime as dt
import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from segment.analytics.client import Client

from accounts.models import Contact
from scoring.domain.wire import pack, unpack
from scoring.models import (
    Event,
    EventQuarantine,
    EventSeen,
    IngestBatch,
    SourceFault,
    UsageUser,
    UserAlias,
)
from scoring.services.write_keys import create_write_key, revoke_write_key
from tests.factories import make_account, make_organisation
from tests.scoring.ingest import make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret():
    return create_write_key(name="Product")[1]


@pytest.fixture
def post(client, secret):
    def post_to(path="/v1/batch", body=b"", *, key=secret, **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        credentials = base64.b64encode(f"{key}:".encode()).decode()
        return client.post(
            path,
            body,
            content_type="application/json",
            headers={"Authorization": f"Basic {credentials}", **headers},
        )

    return post_to


def recent(**fields):
    return make_item(**{"timestamp": timezone.now(), **fields})


def test_a_good_batch_is_stored_as_it_came(post):
    response = post(body={"batch": [recent(), recent()]})

    assert response.status_code == 200
    assert response.json() == {"success": True, "accepted": 2, "rejected": []}
    assert IngestBatch.objects.get().items == 2


@pytest.mark.parametrize("is_gzip", [False, True])
def test_a_secret_that_a_client_repeats_in_the_body_is_not_kept(post, secret, is_gzip):
    body = json.dumps({"writeKey": secret, "batch": [recent()]}, default=str).encode()
    packed = {"Content-Encoding": "gzip"} if is_gzip else {}

    answer = post(body=pack(body) if is_gzip else body, **packed)

    assert answer.status_code == 200
    kept = json.loads(unpack(bytes(IngestBatch.objects.get().body), limit=100_000))
    assert kept == json.loads(body) | {"writeKey": ""}


def test_a_batch_is_accepted_in_three_statements(post, django_assert_num_queries):
    few, many = {"batch": [recent()]}, {"batch": [recent() for _ in range(100)]}

    with django_assert_num_queries(3):
        post(body=few)
    with django_assert_num_queries(3):
        post(body=many)


def test_a_key_gone_wild_is_held_back_and_told_for_how_long(post, settings):
    settings.INGEST_REQUESTS_PER_MINUTE = 2

    answers = [post(body={"batch": [recent()]}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[2].json()["code"] == "throttled"


def test_bad_items_are_named_and_good_ones_taken(post):
    bad = recent(userId=None)

    response = post(body={"batch": [recent(), bad, recent(type="trak"), "text"]})

    assert response.status_code == 200
    assert response.json()["accepted"] == 1
    assert [
        (item["index"], item["messageId"], item["errors"][0]["pointer"], item["errors"][0]["code"])
        for item in response.json()["rejected"]
    ] == [
        (1, bad["messageId"], "/batch/1/userId", "nobody"),
        (2, response.json()["rejected"][1]["messageId"], "/batch/2/type", "unknown_type"),
        (3, None, "/batch/3", "not_an_object"),
    ]


def test_errors_speak_japanese_to_those_who_ask(post):
    body = {"batch": [recent(userId=None)]}

    response = post(body=body, **{"Accept-Language": "ja"})

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "userId" in response.json()["errors"][0]["detail"]
    assert "イベント" in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "unreadable_body"),
        (b"{", 400, "unreadable_body"),
        (b"[]", 400, "unreadable_body"),
        (b'{"batch": {}}', 400, "unreadable_body"),
        (b'{"batch": []}', 400, "unreadable_body"),
        (b'{"batch": [1]}', 400, "items_refused"),
        (b"\xff\xfe", 400, "unreadable_body"),
        (b"[" * 100_000, 400, "unreadable_body"),
        (b'{"batch": [' + b"{}," * 3000 + b"{}]}", 400, "unreadable_body"),
        (b'{"batch": [], "sentAt": "yesterday"}', 400, "unreadable_body"),
        (b" " * 10_000_000, 413, "too_large"),
    ],
)
def test_a_body_that_is_no_batch_gets_a_clear_error_and_leaves_nothing(post, body, status, code):
    response = post(body=body)

    assert response.status_code == status
    assert response.json()["code"] == code
    assert response.json()["detail"]
    assert not IngestBatch.objects.exists()
    assert SourceFault.objects.get().n == 1


def test_a_gzip_bomb_is_refused_unopened(post):
    bomb = pack(b" " * 200_000_000)

    response = post(body=bomb, **{"Content-Encoding": "gzip"})

    assert response.status_code == 413
    assert len(bomb) < 1_000_000


@pytest.mark.parametrize("body", [b"plain text", pack(b"{}")[:-3], pack(b"{}") + b"more"])
def test_a_broken_gzip_is_refused(post, body):
    response = post(body=body, **{"Content-Encoding": "gzip"})

    assert response.status_code == 400
    assert not IngestBatch.objects.exists()


def test_an_unknown_encoding_is_refused(post):
    assert post(body=b"{}", **{"Content-Encoding": "br"}).status_code == 415


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !!", "Basic /w==", "Basic \xe9", "Bearer abc"]
)
def test_who_shows_no_write_key_is_told_how(client, header):
    response = client.post(
        "/v1/batch", b"{}", content_type="application/json", headers={"Authorization": header}
    )

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Basic")


def test_an_invented_or_revoked_key_is_refused(post):
    write_key, revoked = create_write_key(name="Old")
    revoke_write_key(write_key=write_key, at=timezone.now())

    assert post(key="wk_invented", body={"batch": [recent()]}).status_code == 401
    assert post(key=revoked, body={"batch": [recent()]}).status_code == 401


def test_a_get_is_refused_as_a_problem(client):
    response = client.get("/v1/batch")

    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("track", {"userId": "u", "event": "Login"}),
        ("page", {"userId": "u", "name": "Home"}),
        ("screen", {"userId": "u", "name": "Home"}),
        ("identify", {"userId": "u", "traits": {"title": "部長"}}),
        ("group", {"userId": "u", "groupId": "acme"}),
        ("alias", {"userId": "u", "previousId": "v"}),
    ],
)
def test_each_kind_has_an_address_of_its_own(post, kind, item):
    response = post(reverse(f"ingest:{kind}"), item)

    assert response.status_code == 200
    assert IngestBatch.objects.get().items == 1


def test_the_pointer_of_a_single_message_has_no_place_in_a_batch(post):
    response = post("/v1/track", {"userId": "u"})

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/event"


def test_only_imports_take_what_is_old(post):
    old = recent(timestamp=timezone.now() - dt.timedelta(days=31))

    assert post(body={"batch": [old]}).status_code == 400
    assert post("/v1/import", {"batch": [old]}).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("gzip", [False, True])
def test_the_client_of_segment_is_understood(live_server, gzip):
    make_organisation()
    account = make_account(external_id="acme")
    _, secret = create_write_key(name="Product", allowed_traits=["contact.title"])
    failures = []
    segment = Client(
        secret,
        host=live_server.url,
        gzip=gzip,
        on_error=lambda error, items: failures.append(error),
        max_retries=1,
    )

    segment.group("u-1", "acme", {"name": "Acme"})
    segment.identify("u-1", {"title": "部長", "email": "thief@evil.example"})
    segment.track("u-1", "Report opened", {"rows": 3})
    segment.page("u-1", "Docs", "Home")
    segment.screen("u-1", "App", "Start", {"first": None}, context={"groupId": "acme"})
    segment.track(None, "Report printed", context={"groupId": "acme"}, anonymous_id="a-1")
    segment.track("u-1", "Report sent", None, integrations={"All": True, "Mixpanel": False})
    segment.alias("u-0", "u-1")
    segment.track("u-0", "Report opened")
    segment.shutdown()

    assert not failures
    assert Event.objects.filter(account=account).count() == 6
    assert Event.objects.filter(user=None).get().name.name == "Report printed"
    assert not EventQuarantine.objects.exists()
    person = Contact.objects.get(external_id="u-1")
    assert (person.title, person.email, person.is_ghost) == ("部長", "", True)
    assert UserAlias.objects.get().user_key == "u-1"
    assert UsageUser.objects.get().contact == person


@pytest.mark.django_db(transaction=True)
def test_what_the_client_of_segment_sends_again_counts_once(live_server):
    make_organisation()
    make_account(external_id="acme")
    _, secret = create_write_key(name="Product")
    segment = Client(secret, host=live_server.url, sync_mode=True)
    message = {"context": {"groupId": "acme"}, "message_id": str(uuid.uuid4())}

    for _ in range(3):
        segment.track("u-1", "Report opened", **message)

    assert IngestBatch.objects.filter(done_at__isnull=False).count() == 3
    assert Event.objects.count() == EventSeen.objects.count() == 1
