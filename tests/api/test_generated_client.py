"""A client that was generated from the OpenAPI document keeps a customer's talks."""

import datetime as dt
import importlib
import os
import subprocess
import sys
import uuid
from http import HTTPStatus
from types import SimpleNamespace

import pytest
import requests

from tests.live import TOOLS

PACKAGE = "yorisoi_client"
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def made(api_site, tmp_path_factory):
    """Generate the client anew from what the server describes, without a warning."""
    place = tmp_path_factory.mktemp("client")
    document = place / "schema.yaml"
    document.write_bytes(requests.get(f"{api_site.url}/api/schema/", timeout=60).content)
    command = [TOOLS / "openapi-python-client", "generate", "--path", document, "--meta", "none"]
    subprocess.run(
        [*command, "--output-path", place / PACKAGE, "--fail-on-warning"],
        check=True,
        env=os.environ | {"PATH": f"{TOOLS}:{os.environ['PATH']}"},
        capture_output=True,
    )
    sys.path.insert(0, str(place))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(place))


@pytest.fixture
def client(made, api_site):
    token = api_site.keys["token"]
    return made.AuthenticatedClient(
        base_url=api_site.url, token=token, raise_on_unexpected_status=True
    )


def calls(path):
    return importlib.import_module(f"{PACKAGE}.api.{path}")


def shapes():
    return importlib.import_module(f"{PACKAGE}.models")


def make_customer(client, *, team):
    """Make an account and a person there; each answer has the generated type."""
    key = f"client-{uuid.uuid4().hex[:8]}"
    account = calls("accounts.accounts_create").sync(
        client=client,
        body=shapes().AccountRequest(name="株式会社やまなみ商会", team=team, external_id=key),
    )
    person = calls("contacts.contacts_create").sync(
        client=client,
        body=shapes().ContactRequest(account=account.id, family_name="小泉", given_name="千夏"),
    )
    return SimpleNamespace(account=account, person=person)


def talk_with(customer, number):
    now = dt.datetime.now(dt.UTC)
    return shapes().TouchpointRequest(
        account=customer.account.id,
        type_="online_meeting",
        direction=shapes().DirectionEnum.TWO_WAY,
        occurred_at=now - number * DAY,
        subject=f"定例会 {number}",
        contacts=[customer.person.id],
    )


def test_talks_are_logged_listed_page_by_page_and_corrected(client, api_site):
    customer = make_customer(client, team=api_site.keys["team"])
    create = calls("touchpoints.touchpoints_create")
    made = [create.sync(client=client, body=talk_with(customer, n)) for n in range(1, 6)]

    listed, cursor = [], ""
    for _ in range(3):
        page = calls("touchpoints.touchpoints_list").sync(
            client=client, account=customer.account.id, page_size=2, cursor=cursor
        )
        listed += page.results
        cursor = requests.utils.unquote((page.next_ or "cursor=").partition("cursor=")[2])
        cursor = cursor.partition("&")[0]

    assert [talk.id for talk in listed] == [talk.id for talk in made]
    assert cursor == ""

    retrieve = calls("touchpoints.touchpoints_retrieve")
    change = calls("touchpoints.touchpoints_partial_update")
    version = retrieve.sync_detailed(listed[0].id, client=client).headers["ETag"]
    words = shapes().PatchedTouchpointRequest(subject="定例会(訂正)", duration_minutes=45)
    corrected = change.sync(listed[0].id, client=client, body=words, if_match=version)
    stale = change.sync_detailed(listed[0].id, client=client, body=words, if_match=version)

    assert (corrected.subject, corrected.duration_minutes) == ("定例会(訂正)", 45)
    assert stale.status_code == HTTPStatus.PRECONDITION_FAILED
    assert isinstance(stale.parsed, shapes().Problem)


def test_a_refusal_is_a_problem_with_a_pointer(client, api_site):
    customer = make_customer(client, team=api_site.keys["team"])
    talk = talk_with(customer, -3)

    answer = calls("touchpoints.touchpoints_create").sync_detailed(client=client, body=talk)

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert isinstance(answer.parsed, shapes().Problem)
    assert [fault.pointer for fault in answer.parsed.errors] == ["/occurred_at"]


def test_a_write_sent_twice_under_one_key_happens_once(client, api_site):
    customer = make_customer(client, team=api_site.keys["team"])
    create, key = calls("touchpoints.touchpoints_create"), uuid.uuid4().hex
    talk = talk_with(customer, 1)

    first, again = (create.sync(client=client, body=talk, idempotency_key=key) for _ in range(2))

    assert first.id == again.id
    page = calls("touchpoints.touchpoints_list").sync(client=client, account=customer.account.id)
    assert len(page.results) == 1


def test_many_accounts_are_written_in_one_call(client, api_site):
    key = uuid.uuid4().hex[:8]
    item = shapes().BulkRequestItemsItem.from_dict
    items = [
        item({"external_id": f"{key}-1", "name": "一号", "team": api_site.keys["team"]}),
        item({"external_id": f"{key}-2", "name": "二号", "tier": "no such tier"}),
    ]

    result = calls("accounts.accounts_bulk").sync(
        client=client, body=shapes().BulkRequest(items=items)
    )

    assert (result.created, result.failed) == (1, 1)
    assert result.results[1].errors[0].pointer == "/items/1/tier"
