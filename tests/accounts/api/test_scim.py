"""The company's directory provisions people and teams over SCIM 2.0."""

import json
import re
import threading

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test import Client
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from accounts.models import ApiToken, Team, User
from accounts.services.tokens import create_api_token
from config.lib.clock import app_now
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
AKI = {
    "schemas": [USER],
    "userName": "aki.mori@harukaze.example",
    "externalId": "8e1f-aki",
    "name": {"familyName": "森", "givenName": "亜紀"},
    "emails": [{"value": "aki.mori@harukaze.example", "type": "work", "primary": True}],
}


#: Everybody has one address and one role, and nobody is without these three: of several values
#: the primary one is kept, and what a directory takes away stays as it is (docs/operations.md).
KNOWN = {
    (title, key)
    for title, keys in {
        "check_remove_attribute": ("active", "preferredLanguage", "roles"),
        "check_add_attribute": ("emails", "roles"),
        "check_replace_attribute": ("emails", "roles"),
    }.items()
    for key in keys
}


def token_of(role="administrator", scopes=("admin",)) -> str:
    return create_api_token(user=make_user(role=role), name="idp", scopes=scopes, at=app_now()).text


class Directory:
    """What an identity provider does: JSON, a bearer token, no cookies."""

    def __init__(self, token=None):
        self.client = Client(headers={"authorization": f"Bearer {token or token_of()}"})

    def ask(self, method, path, body=None, **headers):
        return self.client.generic(
            method,
            f"/scim/v2/{path}",
            data=json.dumps(body) if body is not None else "",
            content_type="application/scim+json",
            headers=headers,
        )

    def make(self, **fields):
        address = fields.get("userName", AKI["userName"])
        answer = self.ask("POST", "Users", AKI | {"emails": [{"value": address}]} | fields)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def patch(self, path, *operations, **headers):
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": operations}, **headers)


@pytest.fixture
def directory():
    return Directory()


@pytest.fixture
def kept_connection():
    """A request through WSGI ends by closing its connection, which here is the test's own."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def test_a_server_checked_against_the_rfcs(settings, kept_connection):
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True  # a fault of ours should be seen as it is
    client = WSGISCIMClient(
        get_wsgi_application(),
        base_url="http://localhost:8000/scim/v2",
        headers={"Authorization": f"Bearer {token_of()}"},
    )
    client.discover()
    results = check_server(client)
    bad = {Status.ERROR, Status.CRITICAL}
    faults = {
        (r.title, found[1] if (found := re.search("ttribute '([^']+)'", r.reason)) else r.reason)
        for r in results
        if r.status in bad
    }
    assert faults <= KNOWN, faults - KNOWN
    assert sum(r.status == Status.SUCCESS for r in results) > 50


def test_a_person_assigned_in_the_directory_is_a_member_at_once(directory):
    made = directory.make()
    user = User.objects.get(pk=made["id"])
    assert (user.email, user.role) == ("aki.mori@harukaze.example", "member")
    assert (user.family_name, user.given_name) == ("森", "亜紀")
    assert user.directory_id == "8e1f-aki"
    assert not user.has_usable_password()
    assert made["active"] is True
    assert made["displayName"] == "森 亜紀"
    assert made["meta"]["location"] == f"http://localhost:8000/scim/v2/Users/{user.pk}"


def test_deactivating_acts_at_once_on_session_and_token(directory):
    made = directory.make()
    user = User.objects.get(pk=made["id"])
    browser = Client()
    browser.force_login(user)
    key = create_api_token(user=user, name="own", at=app_now()).text
    assert browser.get("/menu/").status_code == 200

    operation = {"op": "replace", "path": "active", "value": False}
    assert directory.patch(f"Users/{user.pk}", operation).status_code == 204
    assert directory.ask("GET", f"Users/{user.pk}").json()["active"] is False

    assert browser.get("/menu/").status_code == 302
    answer = Client(headers={"authorization": f"Bearer {key}"}).get("/api/v1/accounts/")
    assert answer.status_code == 401
    assert ApiToken.objects.filter(user=user, revoked_at=None).count() == 0


def test_who_is_removed_is_gone_for_the_directory_and_stays_the_author_of_their_work(directory):
    made = directory.make()
    team = make_team()
    directory.patch(
        f"Groups/{team.pk}", {"op": "add", "path": "members", "value": [{"value": made["id"]}]}
    )

    assert directory.ask("DELETE", f"Users/{made['id']}").status_code == 204

    user = User.objects.get(pk=made["id"])
    assert not user.is_active
    assert not user.teams.exists()
    assert directory.ask("GET", f"Users/{user.pk}").status_code == 404
    assert (
        directory.ask("GET", 'Users?filter=userName eq "aki.mori@harukaze.example"').json()[
            "totalResults"
        ]
        == 0
    )

    back = directory.make(externalId="new-id")
    assert back["id"] == made["id"]
    user.refresh_from_db()
    assert (user.is_active, user.directory_id) == (True, "new-id")


def test_two_people_can_not_share_a_name_or_an_id(directory):
    directory.make()
    for fields in ({}, {"userName": "other@harukaze.example"}):
        answer = directory.ask("POST", "Users", AKI | fields)
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert User.objects.filter(directory_id="8e1f-aki").count() == 1


def test_what_a_directory_leaves_out_stays_and_what_we_do_not_keep_is_no_fault(directory):
    made = directory.make(
        roles=[{"value": "manager"}],
        preferredLanguage="en-GB",
        nickName="Aki",
        **{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "CS"}},
    )
    put = directory.ask("PUT", f"Users/{made['id']}", AKI | {"userName": "AKI@harukaze.example"})
    assert put.status_code == 200, put.content
    user = User.objects.get(pk=made["id"])
    assert (user.username, user.role, user.language) == ("aki@harukaze.example", "manager", "en")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"emails": []}, "emails"),
        ({"emails": [{"value": "aki"}]}, ""),
        ({"roles": [{"value": "king"}]}, "privacy_officer"),
        ({"userName": "a\0b@harukaze.example"}, ""),
        ({"name": {"familyName": "x" * 81}}, ""),
    ],
)
def test_bad_input_is_refused_and_nobody_made(directory, fields, said):
    answer = directory.ask("POST", "Users", AKI | fields)
    assert answer.status_code == 400
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert said in answer.json()["detail"]
    assert not User.objects.filter(family_name="森").exists()


def test_the_last_administrator_can_not_be_taken_away(directory):
    admin = User.objects.get(role="administrator")
    answer = directory.patch(f"Users/{admin.pk}", {"op": "replace", "value": {"active": False}})
    assert answer.status_code == 409
    admin.refresh_from_db()
    assert admin.is_active


def test_a_team_takes_in_and_lets_go_people(directory):
    aki, ren = directory.make(), directory.make(userName="ren@harukaze.example", externalId="ren")
    answer = directory.ask(
        "POST",
        "Groups",
        {"schemas": [GROUP], "displayName": "東日本", "members": [{"value": aki["id"]}]},
    )
    assert answer.status_code == 201, answer.content
    group = answer.json()
    added = directory.patch(
        f"Groups/{group['id']}?attributes=members",
        {"op": "Add", "path": "members", "value": [{"value": ren["id"]}]},
    ).json()
    assert {member["value"] for member in added["members"]} == {aki["id"], ren["id"]}
    path = f'members[value eq "{aki["id"]}"]'
    directory.patch(f"Groups/{group['id']}", {"op": "remove", "path": path})
    team = Team.objects.get(pk=group["id"])
    assert [str(user.pk) for user in team.members.all()] == [ren["id"]]
    assert directory.ask("GET", f"Users/{ren['id']}").json()["groups"][0]["value"] == group["id"]


def test_two_teams_can_not_share_an_id(directory):
    team = {"schemas": [GROUP], "displayName": "東日本", "externalId": "east"}
    assert directory.ask("POST", "Groups", team).status_code == 201
    other = directory.ask("POST", "Groups", team | {"externalId": "west"}).json()
    operation = {"op": "replace", "path": "externalId", "value": "east"}

    for answer in (
        directory.ask("POST", "Groups", team),
        directory.patch(f"Groups/{other['id']}", operation),
    ):
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert Team.objects.get(directory_id="west").pk == int(other["id"])


def test_an_unknown_member_changes_nothing(directory):
    team = make_team()
    operation = {"op": "add", "path": "members", "value": [{"value": "999999"}, {"value": "x"}]}
    answer = directory.patch(f"Groups/{team.pk}", operation)
    assert answer.status_code == 400
    assert "999999" in answer.json()["detail"]
    assert not team.members.exists()


def test_a_team_that_has_accounts_stays(directory):
    child = make_team(parent=make_team())
    assert directory.ask("DELETE", f"Groups/{child.parent_id}").status_code == 409
    assert directory.ask("DELETE", f"Groups/{child.pk}").status_code == 204


def test_an_older_version_is_not_overwritten(directory):
    made = directory.make()
    path = f"Users/{made['id']}"
    tag = directory.ask("GET", path)["ETag"]
    operation = {"op": "replace", "path": "name.givenName", "value": "秋"}
    assert directory.patch(path, operation, if_match=tag).status_code == 204
    assert directory.patch(path, operation, if_match=tag).status_code == 412
    assert directory.ask("GET", path, if_none_match=tag).status_code == 200


def test_a_search_by_name_reads_one_row_and_a_list_as_many_statements_as_one(
    directory, django_assert_max_num_queries
):
    for number in range(12):
        directory.make(userName=f"p{number}@harukaze.example", externalId=str(number))
    with django_assert_max_num_queries(8) as few:
        found = directory.ask("GET", 'Users?filter=userName eq "P3@harukaze.example"').json()
    assert [user["externalId"] for user in found["Resources"]] == ["3"]
    with django_assert_max_num_queries(len(few) + 1):
        page = directory.ask("GET", "Users?startIndex=5&count=4").json()
    assert (page["totalResults"], page["itemsPerPage"]) == (13, 4)
    both = directory.ask("GET", 'Users?filter=userName sw "p1" and active eq true').json()
    assert {user["externalId"] for user in both["Resources"]} == {"1", "10", "11"}


def test_a_bulk_makes_a_person_and_puts_them_into_a_team(directory):
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "aki", "data": AKI},
            {
                "method": "POST",
                "path": "/Groups",
                "bulkId": "east",
                "data": {
                    "schemas": [GROUP],
                    "displayName": "東",
                    "members": [{"value": "bulkId:aki"}],
                },
            },
            {"method": "DELETE", "path": "/Users/987654321"},
        ],
    }
    answer = directory.ask("POST", "Bulk", body).json()
    assert [row["status"] for row in answer["Operations"]] == ["201", "201", "404"]
    assert Team.objects.get(name="東").members.get().directory_id == "8e1f-aki"


@pytest.mark.parametrize(
    ("role", "scopes", "status"),
    [
        ("administrator", ["write"], 403),
        ("administrator", ["read"], 403),
        ("manager", ["admin"], 403),
        ("privacy_officer", ["admin"], 403),
        ("viewer", ["admin"], 403),
    ],
)
def test_only_an_administrators_far_reaching_token_provisions(role, scopes, status):
    stranger = Directory(token_of(role, scopes))
    for method, path in (("GET", "Users"), ("POST", "Users"), ("GET", "Schemas")):
        answer = stranger.ask(method, path, AKI if method == "POST" else None)
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/scim+json"
        assert answer.json()["status"] == str(status)


def test_no_token_and_no_session_let_anybody_in(client):
    client.force_login(make_user(role="administrator"))
    answer = client.get("/scim/v2/Users")
    assert answer.status_code == 401
    assert "Bearer" in answer["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "Nothing", None, 404),
        ("GET", "Users/0x1", None, 404),
        ("GET", "", None, 501),
        ("GET", "Me", None, 501),
        ("DELETE", "Users", None, 405),
        ("GET", "Users?filter=userName zz 1", None, 400),
        ("GET", "Users?filter=" + "(" * 3000, None, 400),
        ("POST", "Users", "[" * 50_000, 400),
    ],
)
def test_a_wrong_question_gets_an_answer_in_scims_words(directory, method, path, body, status):
    answer = directory.client.generic(
        method, f"/scim/v2/{path}", data=body or "", content_type="application/scim+json"
    )
    assert answer.status_code == status
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_a_body_beyond_the_limit_is_not_read(directory, settings):
    settings.API_MAX_BODY_BYTES = 100
    assert directory.ask("POST", "Users", AKI | {"nickName": "x" * 200}).status_code == 413


@pytest.mark.django_db(transaction=True)
def test_two_changes_of_a_team_at_once_lose_nobody():
    directory = Directory()
    people = [directory.make(userName=f"p{n}@h.example", externalId=str(n)) for n in range(8)]
    team = make_team()

    def join(person):
        operation = {"op": "add", "path": "members", "value": [{"value": person["id"]}]}
        statuses.append(directory.patch(f"Groups/{team.pk}", operation).status_code)
        connection.close()

    statuses: list[int] = []
    threads = [threading.Thread(target=join, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) == {204}
    assert team.members.count() == 8
