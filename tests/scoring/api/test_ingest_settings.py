"""Write keys, meanings of events and unknown ids over the API."""

import pytest

from accounts.models import Account, ApiToken, IdempotencyKey
from accounts.services.tokens import create_api_token
from config.lib.clock import app_now
from scoring.models import EventName, WriteKey, WriteKeyEvent
from scoring.services.write_keys import WriteKeyRefused, find_write_key
from tests.factories import make_account, make_organisation, make_team, make_user
from tests.scoring.factories import make_event_name
from tests.scoring.ingest import make_waiting_key, make_write_key

pytestmark = pytest.mark.django_db
KEYS = "/api/v1/write-keys/"
NAMES = "/api/v1/event-names/"
UNKNOWN = "/api/v1/unknown-ids/"


@pytest.fixture
def owner():
    make_organisation()
    return make_user(role="administrator")


@pytest.fixture
def boss(api, owner):
    """An administrator with a token that may do everything."""
    token = create_api_token(user=owner, name="a", scopes=["admin"], at=app_now())
    client = api(owner)
    client.logout()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token.text}")
    return client


def test_a_key_is_told_once(boss, owner):
    team = make_team()
    body = {
        "name": "Product",
        "owner": owner.pk,
        "creates_accounts": True,
        "team": team.pk,
        "allowed_traits": ["contact.title"],
    }

    made = boss.post(KEYS, body)
    read = boss.get(f"{KEYS}{made.json()['id']}/")

    secret = made.json()["key"]
    assert made.status_code == 201
    assert find_write_key(secret=secret).pk == made.json()["id"]
    assert secret.startswith(made.json()["prefix"])
    assert read.json() == made.json() | {"key": None}
    assert read.json().items() >= body.items()


def test_a_key_is_made_once_and_told_once_for_one_idempotency_key(boss):
    same = {"headers": {"Idempotency-Key": "k"}}

    first, again = (boss.post(KEYS, {"name": "Product"}, **same) for _ in range(2))

    assert again.json() == first.json() | {"key": None}
    assert WriteKey.objects.count() == 1
    assert first.json()["key"] not in str(IdempotencyKey.objects.values())


def test_a_key_is_rotated_and_the_old_secret_opens_nothing(boss):
    made = boss.post(KEYS, {"name": "Product"}).json()

    rotated = boss.post(f"{KEYS}{made['id']}/rotate/")

    assert (rotated.status_code, rotated.json()["id"]) == (200, made["id"])
    assert find_write_key(secret=rotated.json()["key"]).pk == made["id"]
    with pytest.raises(WriteKeyRefused):
        find_write_key(secret=made["key"])
    assert WriteKeyEvent.objects.filter(pgh_obj_id=made["id"]).count() == 2


def test_a_revoked_key_opens_nothing_for_good(boss):
    made = boss.post(KEYS, {"name": "Product"}).json()

    gone = boss.delete(f"{KEYS}{made['id']}/")
    rotated = boss.post(f"{KEYS}{made['id']}/rotate/")

    assert gone.status_code == 204
    assert (rotated.status_code, rotated.json()["code"]) == (409, "write_key_revoked")
    with pytest.raises(WriteKeyRefused):
        find_write_key(secret=made["key"])
    shown = {
        revoked: [row["id"] for row in boss.get(f"{KEYS}?revoked={revoked}").json()["results"]]
        for revoked in ("true", "false")
    }
    assert shown == {"true": [made["id"]], "false": []}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"creates_accounts": True}, "/team"),
        ({"allowed_traits": ["contact.email"]}, "/allowed_traits/0"),
        ({"name": ""}, "/name"),
        ({"owner": 10**9}, "/owner"),
    ],
)
def test_what_no_key_may_do_is_refused_by_its_place(boss, body, pointer):
    made = make_write_key()

    answer = boss.patch(f"{KEYS}{made.pk}/", body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_session_shows_first_who_it_is_but_revokes_at_once(api, owner):
    key = make_write_key()
    client = api(owner)

    refused = [
        client.post(KEYS, {"name": "A"}),
        client.patch(f"{KEYS}{key.pk}/", {"name": "A"}),
        client.post(f"{KEYS}{key.pk}/rotate/"),
    ]

    assert {(a.status_code, a.json()["code"]) for a in refused} == {(403, "confirmation_required")}
    assert client.delete(f"{KEYS}{key.pk}/").status_code == 204
    assert client.get(KEYS).status_code == 200


def test_a_token_for_writing_makes_no_keys(boss, owner):
    ApiToken.objects.update(scopes=["write"])

    assert boss.post(KEYS, {"name": "A"}).status_code == 403
    assert boss.get(KEYS).status_code == 200


@pytest.mark.parametrize("role", ["manager", "member", "viewer", "privacy_officer"])
def test_keys_are_for_administrators(api, role):
    make_organisation()
    key = make_write_key()
    client = api(make_user(role=role, team=make_team()))

    assert client.get(KEYS).status_code == client.get(f"{KEYS}{key.pk}/").status_code == 403
    assert client.post(KEYS, {"name": "A"}).status_code == 403
    assert client.delete(f"{KEYS}{key.pk}/").status_code == 403


def test_an_event_is_found_and_told_what_it_means(boss):
    event = make_event_name(name="Report opened")
    make_event_name(name="Signed in")

    found = boss.get(f"{NAMES}?search=report").json()["results"]
    changed = boss.patch(f"{NAMES}{event.pk}/", {"meaning": "record", "counts_users": True})

    assert [row["id"] for row in found] == [event.pk]
    assert changed.json() == found[0] | {"meaning": "record", "counts_users": True}
    assert [row["name"] for row in boss.get(f"{NAMES}?open=true").json()["results"]] == [
        "Signed in"
    ]
    assert boss.patch(f"{NAMES}{event.pk}/", {"meaning": "magic"}).status_code == 400
    assert EventName.objects.get(pk=event.pk).meaning == "record"


def test_an_unknown_id_is_given_to_an_account(boss):
    waiting, account = make_waiting_key("unknown-1"), make_account()
    address = f"{UNKNOWN}{waiting.pk}/"

    given = boss.post(f"{address}give/", {"account": account.pk})

    assert boss.get(f"{UNKNOWN}?key=unknown-1").json()["results"][0]["events"] == 1
    assert (given.status_code, given.json()) == (200, {"account": account.pk})
    known = boss.get("/api/v1/accounts/?known_as=usage:unknown-1").json()["results"]
    assert [row["id"] for row in known] == [account.pk]


def test_an_unknown_id_becomes_an_account(boss):
    waiting, team = make_waiting_key("unknown-2"), make_team()
    address = f"{UNKNOWN}{waiting.pk}/make/"

    made = boss.post(address, {"name": "青嶺", "team": team.pk})

    assert made.json() == {
        "name": "青嶺",
        "team": team.pk,
        "account": Account.objects.get(external_id="unknown-2").pk,
    }
    assert boss.post(address, {"name": "青嶺", "team": 10**9}).status_code == 400


def test_a_manager_gives_ids_to_accounts_of_theirs_alone(api):
    make_organisation()
    waiting = make_waiting_key()
    manager = api(make_user(role="manager", team=make_team()))
    make = f"{UNKNOWN}{waiting.pk}/make/"

    given = manager.post(f"{UNKNOWN}{waiting.pk}/give/", {"account": make_account().pk})
    made = manager.post(make, {"name": "A", "team": make_team().pk})

    assert (given.status_code, given.json()["errors"][0]["pointer"]) == (400, "/account")
    assert (made.status_code, made.json()["errors"][0]["pointer"]) == (400, "/team")


@pytest.mark.parametrize("role", ["member", "viewer", "privacy_officer"])
@pytest.mark.parametrize("address", [NAMES, UNKNOWN])
def test_events_and_unknown_ids_are_for_who_keeps_the_data(api, role, address):
    make_organisation()
    event, waiting = make_event_name("Login"), make_waiting_key()
    client = api(make_user(role=role, team=make_team()))

    assert client.get(address).status_code == 403
    assert client.patch(f"{NAMES}{event.pk}/", {"meaning": "mail"}).status_code == 403
    assert client.post(f"{UNKNOWN}{waiting.pk}/give/", {"account": 1}).status_code == 403


def test_a_page_costs_as_many_queries_however_many_there_are(boss, django_assert_max_num_queries):
    for number in range(7):
        make_waiting_key()
        make_event_name(f"Event {number}")

    for address in (KEYS, NAMES, UNKNOWN):
        with django_assert_max_num_queries(9):
            assert len(boss.get(address).json()["results"]) == 7
