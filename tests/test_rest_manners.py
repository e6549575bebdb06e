"""How every operation of the REST interface behaves, found from its description."""

from itertools import groupby
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from rest_framework.test import APIClient

from accounts.choices import RecordKind, TokenScope
from accounts.models import AccessPolicy, AttributeDefinition, ImportMapping, SavedView, StaticList
from accounts.services.tokens import create_api_token
from config.lib.clock import app_now
from tests.described import WRITES, Operation, document, operations, resolved
from tests.factories import make_account, make_organisation, make_team, make_touchpoint, make_user
from tests.routes import rows_written

pytestmark = pytest.mark.django_db
ODD = "odd_member"
OPERATIONS = list(operations())
TAKING = [one for one in OPERATIONS if one.method != "get"]
CHANGING = [one for one in OPERATIONS if one.method == "patch"]


#: What an answer shows is true for who reads everything, and for who reads talks and tickets wider
#: than accounts, but no texts.
READERS = {
    "everything": {},
    "less": {RecordKind.ACCOUNT: "none", RecordKind.TOUCHPOINT_BODY: "none"},
}
JSON_READS = [one for one in OPERATIONS if one.method == "get" and one.answer()]

#: Without a library of its own the checker takes any text for an address, an empty one, too.
FORMATS = FormatChecker()


@FORMATS.checks("uri")
def is_address(text: object) -> bool:
    return not isinstance(text, str) or bool(urlsplit(text).scheme)


def named(some):
    return pytest.mark.parametrize("operation", some, ids=[one.name for one in some])


@pytest.fixture
def boss(db):
    make_organisation()
    return make_user(role="administrator")


@pytest.fixture
def client(boss):
    token = create_api_token(user=boss, name="Test", scopes=[TokenScope.ADMIN], at=app_now())
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token.text}")
    return client


@pytest.fixture
def account(boss):
    return make_account(tier="a", phase="adoption")


@pytest.fixture
def ours(boss):
    """Let who asks own what only its owner changes."""

    def address(operation, account):
        found = operation.route.address(account)
        for model in (StaticList, SavedView, ImportMapping):
            model.objects.update(owner=boss)
        return found

    return address


def send(client, operation, address, body):
    return getattr(client, operation.method)(address, body, format=operation.format)


def pointers(answer):
    return {fault["pointer"] for fault in answer.json().get("errors", ())}


def test_every_operation_is_known():
    assert len(OPERATIONS) > 200


@named(TAKING)
def test_a_member_that_nobody_knows_is_refused_by_its_place(client, account, ours, operation):
    answer = send(client, operation, ours(operation, account), {ODD: "1"})

    assert (answer.status_code, pointers(answer) & {f"/{ODD}"}) == (400, {f"/{ODD}"}), (
        answer.content
    )


def inner_places(operation: Operation):
    """Yield (pointer, body) for each object with members of its own inside a body."""
    for name, shape in (operation.body() or {}).get("properties", {}).items():
        said = resolved(shape)
        if said.get("properties"):
            yield f"/{name}/{ODD}", {name: {ODD: 1}}
        elif resolved(said.get("items", {})).get("properties"):
            yield f"/{name}/0/{ODD}", {name: [{ODD: 1}]}


INNER = [(one, *place) for one in TAKING for place in inner_places(one)]


@pytest.mark.parametrize(
    ("operation", "pointer", "body"), INNER, ids=[f"{one.name}{at}" for one, at, _ in INNER]
)
def test_a_member_within_a_member_is_refused_as_well(
    client, account, ours, operation, pointer, body
):
    answer = send(client, operation, ours(operation, account), body)

    assert (answer.status_code, pointers(answer) & {pointer}) == (400, {pointer}), answer.content


@named(OPERATIONS)
def test_a_question_that_nobody_knows_is_refused(client, account, ours, operation):
    address = ours(operation, account)

    answer = getattr(client, operation.method)(f"{address}?odd_question=1")

    assert (answer.status_code, pointers(answer)) == (400, {"/odd_question"})


@named([one for one in OPERATIONS if "search" in one.parameters])
def test_an_empty_search_is_none(client, account, ours, operation):
    address = ours(operation, account)

    assert client.get(f"{address}?search=").json() == client.get(address).json()


@named(CHANGING)
def test_a_change_of_nothing_writes_nothing(client, account, ours, operation):
    address = ours(operation, account)
    before = client.get(address)

    rows = rows_written()
    empty = client.patch(address, {})
    same = client.patch(address, before.json())

    assert (empty.status_code, same.status_code) == (200, 200), (empty.content, same.content)
    assert rows_written() == rows
    day = {"on": None}  # touch models change from tomorrow on
    assert empty.json() | day == same.json() | day == before.json() | day
    assert empty["ETag"] == same["ETag"] == before["ETag"]


def test_an_answer_given_again_has_the_headers_of_the_first(client):
    asked, key = {"name": "East"}, {"Idempotency-Key": "one"}

    first, again = (client.post("/api/v1/teams/", asked, headers=key) for _ in range(2))

    where = f"http://testserver/api/v1/teams/{first.json()['id']}/"
    assert (first["Location"], again["Location"]) == (where, where)
    assert again["ETag"] == first["ETag"] == client.get(where)["ETag"]


@pytest.mark.parametrize(
    ("wish", "words"), [({}, "JSON"), ({"Accept-Language": "en"}, "The body is not valid JSON")]
)
def test_a_token_answers_in_the_language_of_its_owner_unless_another_is_wished(
    boss, client, wish, words
):
    type(boss).objects.filter(pk=boss.pk).update(language="ja")

    broken = client.post("/api/v1/teams/", "{", content_type="application/json", headers=wish)
    unknown = client.get("/api/v1/teams/0/", headers=wish)

    told = broken.json()["detail"], unknown.json()["detail"]
    assert words in told[0]
    assert all(text.isascii() == bool(wish) for text in told)
    assert broken["Content-Language"] == ("en" if wish else "ja")


def test_a_form_that_is_broken_says_so_in_the_language_of_who_sent_it(boss, client):
    type(boss).objects.filter(pk=boss.pk).update(language="ja")

    answer = client.post("/api/v1/imports/", "x", content_type="multipart/form-data; boundary=b")

    assert answer.status_code == 400
    assert not answer.json()["detail"].isascii()


@pytest.mark.parametrize("reader", READERS)
@named(JSON_READS)
def test_an_answer_is_as_described_whoever_reads_it(api, account, boss, ours, operation, reader):
    address = ours(operation, account)
    for kind in RecordKind.values:
        scope = READERS[reader].get(kind, "all")
        AccessPolicy.objects.create(role="manager", kind=kind, read_scope=scope, write_scope="none")
    client = api(boss if reader == "everything" else make_user(role="manager"))

    answer = client.get(address)

    assert answer.status_code in (200, 400, 403, 404)  # 400 where a parameter has to be given
    if answer.status_code == 200:
        Draft202012Validator(
            {**operation.answer(), "components": document()["components"]},
            format_checker=FORMATS,
        ).validate(answer.json())


def test_a_talk_of_which_the_texts_are_kept_back_may_be_sent_back_as_it_was_read(api, account):
    talk = make_touchpoint(account=account, body="secret", subject="A")
    for kind in RecordKind.values:
        scope = "none" if kind == RecordKind.TOUCHPOINT_BODY else "all"
        AccessPolicy.objects.create(role="manager", kind=kind, read_scope=scope, write_scope=scope)
    client, address = api(make_user(role="manager")), f"/api/v1/touchpoints/{talk.pk}/"
    shown = client.get(address).json()

    answer = client.patch(address, shown | {"subject": "B"})

    talk.refresh_from_db()
    assert (shown["body"], shown["body_hidden"]) == (None, True)
    assert (answer.status_code, talk.body, talk.subject) == (200, "secret", "B")


def test_the_same_in_other_words_writes_nothing_either(boss, client, account):
    one, other = make_team(), make_team()
    address, person = f"/api/v1/accounts/{account.pk}/", f"/api/v1/users/{boss.pk}/"
    AttributeDefinition.objects.create(key="plan", type="text", label_en="P", label_ja="P")
    client.patch(address, {"domains": ["b.example", "a.example"], "attributes": {"plan": "x"}})
    client.patch(person, {"teams": [one.pk, other.pk]})
    versions = [client.get(place)["ETag"] for place in (address, person)]

    client.patch(address, {"domains": ["b.example", "a.example"], "attributes": {"plan": "x"}})
    client.patch(address, {"live_on": None, "team": str(account.team_id)})
    client.patch(person, {"teams": [other.pk, one.pk]})

    assert [client.get(place)["ETag"] for place in (address, person)] == versions


#: What the description says of methods and types.
PATHS = [list(group) for _, group in groupby(OPERATIONS, key=lambda one: one.path)]
UNSAID = [
    (operations[0], method)
    for operations in PATHS
    for method in ("get", *WRITES, "trace")
    if method not in {one.method for one in operations}
]


def texts(operation):
    """Yield the members of a body that are any text."""
    for name, shape in (operation.body() or {}).get("properties", {}).items():
        said = resolved(shape)
        if said.get("type") == "string" and not {"format", "enum", "pattern"} & said.keys():
            yield name


TEXTS = [(one, name) for one in TAKING if one.format == "json" for name in texts(one)]
WHOLE = [
    (one, said["name"])
    for one in OPERATIONS
    for said in one.said.get("parameters", ())
    if said["in"] == "query" and said["schema"].get("type") == "integer"
]
ONCE = [
    one
    for one in TAKING
    if any(said["name"] == "Idempotency-Key" for said in one.said.get("parameters", ()))
]


def each(pairs):
    return pytest.mark.parametrize(
        ("operation", "what"), pairs, ids=[f"{one.name}-{what}" for one, what in pairs]
    )


@each(UNSAID)
def test_a_method_that_is_not_described_is_405_whatever_is_asked(
    client,
    account,
    ours,
    operation,
    what,
):
    answer = client.generic(what.upper(), f"{ours(operation, account)}?ordering=id")

    assert answer.status_code == 405, answer.content


@each(TEXTS)
def test_a_number_is_no_text(client, account, ours, operation, what):
    answer = send(client, operation, ours(operation, account), {what: 0.5})

    assert (answer.status_code, pointers(answer) & {f"/{what}"}) == (400, {f"/{what}"})


@each(WHOLE)
def test_half_a_number_is_no_whole_one(client, account, ours, operation, what):
    answer = client.get(f"{ours(operation, account)}?{what}=0.5")

    assert (answer.status_code, pointers(answer)) == (400, {f"/{what}"})


@named(ONCE)
def test_a_key_that_is_too_long_is_refused_where_keys_are_taken(
    client,
    account,
    ours,
    operation,
):
    address = ours(operation, account)
    options = {"format": operation.format, "headers": {"Idempotency-Key": "k" * 201}}

    answer = client.post(address, {}, **options)

    assert answer.json()["code"] == "bad_idempotency_key"
