import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessPolicy, AttributeDefinition, ExternalRef
from accounts.registry import field_of
from accounts.services.exports.runs import ExportOrder, request_export
from accounts.services.exports.sources import UnknownList, open_sheet
from config.lib.clock import app_now
from scoring.models import HealthCurrent, IngestBatch, SourceDay, WaitingKey, WriteKey
from scoring.services.ingest.acceptance import ItemsRefused
from scoring.services.write_keys import find_write_key
from tests.factories import make_account, make_account_role, make_organisation, make_team, make_user
from tests.scoring.factories import make_event_name, make_measurement
from tests.scoring.ingest import deliver, make_item, make_waiting_key, make_write_key, send

pytestmark = pytest.mark.django_db

PAGES = [
    "quality_sources",
    "event_names",
    "quality_unknown",
    "quality_accounts",
    "quality_measurements",
]
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def organisation():
    return make_organisation()


@pytest.fixture
def now():
    return app_now()


@pytest.fixture
def as_(client):
    def sign_in(role, **fields):
        user = make_user(role=role, **fields)
        client.force_login(user)
        client.user = user
        return client

    return sign_in


def text_of(client, name, **query):
    return client.get(reverse(f"scoring:{name}"), query).content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["member", "viewer", "privacy_officer"])
def test_data_quality_is_for_administrators_and_managers(as_, page, role):
    assert as_(role).get(reverse(f"scoring:{page}")).status_code == 403


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_every_page_opens_with_nothing_to_show(as_, page, role):
    assert as_(role).get(reverse(f"scoring:{page}")).status_code == 200


def test_a_source_says_whether_it_is_alive_and_what_of_it_was_of_no_use(as_, now):
    owner = make_user(family_name="田辺", given_name="優希")
    key = make_write_key(name="Product", owner=owner)
    make_account(external_id="acme")
    deliver(key, make_item(groupId="acme", timestamp=now), at=now)
    with pytest.raises(ItemsRefused):
        send(key, make_item(type="trak"), at=now)

    line = as_("manager").get(reverse("scoring:quality_sources")).context["lines"][0]

    assert (line.state, line.items, line.refused, line.refused_share) == ("alive", 1, 1, 0.5)
    assert (sum(line.counts), line.counts[-1], line.accounts) == (1, 1, 1)
    assert "田辺" in text_of(as_("manager"), "quality_sources")


def test_a_source_is_silent_after_48_hours_and_one_that_never_spoke_says_so(as_, now):
    silent, never = make_write_key(name="A"), make_write_key(name="B")
    for key, hours in ((silent, 49), (make_write_key(name="C"), 47)):
        SourceDay.objects.create(
            write_key=key, day=(now - hours * HOUR).date(), items=1,
            last_arrival_at=now - hours * HOUR,
        )  # fmt: skip

    lines = as_("manager").get(reverse("scoring:quality_sources")).context["lines"]

    assert [line.state for line in lines] == ["silent", "never", "alive"]
    assert lines[1].write_key == never


def test_revoked_keys_show_where_they_are_asked_for(as_, now):
    make_write_key(name="Old product")
    WriteKey.objects.update(revoked_at=now)

    assert "Old product" not in text_of(as_("manager"), "quality_sources")
    assert "Old product" in text_of(as_("manager"), "quality_sources", revoked=1)


def test_the_page_of_a_source_tells_its_faults_day_by_day(as_, now):
    key = make_write_key(name="Product")
    make_account(external_id="acme")
    wrong = make_item(groupId="acme", properties={"hidden word": "x\0"}, timestamp=now)
    send(key, make_item(groupId="acme", timestamp=now), wrong, at=now)

    answer = as_("manager").get(reverse("scoring:quality_source", args=[key.pk]))

    assert [(fault.field, fault.n) for fault in answer.context["faults"]] == [("/properties", 1)]
    assert (answer.context["days"][0].refused, len(answer.context["days"])) == (1, 30)
    assert "hidden word" not in answer.content.decode()


def test_managers_say_who_answers_for_a_source(as_):
    key, owner = make_write_key(), make_user()

    as_("manager").post(reverse("scoring:source_owner", args=[key.pk]), {"owner": owner.pk})

    key.refresh_from_db()
    assert key.owner == owner


def test_only_administrators_have_dead_batches_tried_again(as_, now):
    key = make_write_key()
    batch = IngestBatch.objects.create(
        write_key=key, received_at=now, items=1, attempts=5, dead_at=now, body=b""
    )
    address = reverse("scoring:source_replay", args=[key.pk])

    assert as_("manager").post(address).status_code == 404
    as_("administrator").post(address)

    batch.refresh_from_db()
    assert batch.dead_at is None


def test_unknown_ids_are_paged_searched_and_ordered(as_, monkeypatch):
    monkeypatch.setattr("scoring.views.quality.ROWS_A_PAGE", 2)
    key = make_write_key()
    for name, events in (("one", 1), ("three", 3), ("two", 2)):
        for _ in range(events):
            make_waiting_key(name, key)
    client = as_("manager")

    first = client.get(reverse("scoring:quality_unknown")).context["page"]
    again = {"cursor": first.next_cursor}
    second = client.get(reverse("scoring:quality_unknown"), again).context["page"]
    found = client.get(reverse("scoring:quality_unknown"), {"q": "thr"}).context["page"]

    assert [row.key for row in first.rows + second.rows] == ["three", "two", "one"]
    assert [row.key for row in found.rows] == ["three"]


def test_an_unknown_id_is_given_to_an_account_the_manager_may_change(
    as_, django_capture_on_commit_callbacks
):
    team = make_team()
    client = as_("manager", team=team)
    waiting, account = make_waiting_key("acme-corp"), make_account(team=team)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("scoring:unknown_give", args=[waiting.pk]), {"account": f"#{account.pk}"}
        )

    assert answer.status_code == 302
    assert ExternalRef.objects.get(value="acme-corp").object_id == account.pk
    assert not WaitingKey.objects.exists()


def test_the_name_a_group_call_told_is_proposed_for_a_new_account(
    as_, now, django_capture_on_commit_callbacks
):
    item = make_item(
        type="group", event=None, groupId="acme", traits={"name": "Acme K.K."}, timestamp=now
    )
    deliver(make_write_key(), item, at=now)
    waiting, team = WaitingKey.objects.get(), make_team()
    client = as_("administrator")
    address = reverse("scoring:unknown_make", args=[waiting.pk])

    assert "Acme K.K." in client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address, {"name": "Acme", "team": team.pk})

    assert answer.status_code == 302
    assert not WaitingKey.objects.exists()


def test_accounts_are_those_the_user_sees_the_least_known_first(as_):
    team = make_team()
    make_account(name="Elsewhere", team=make_team())
    make_account(name="Ours", team=team, name_kana="")
    AccessPolicy.objects.create(
        role="manager", kind="account", read_scope="own_team", write_scope="own_team"
    )

    text = text_of(as_("manager", team=team), "quality_accounts")

    assert "Ours" in text
    assert "Elsewhere" not in text


def test_an_account_says_how_fresh_its_usage_is_from_whatever_source(as_, now):
    key, other = make_write_key(), make_write_key()
    make_account(name="青嶺精機", external_id="acme")
    make_account(name="Never", external_id="never")
    week = now - dt.timedelta(days=7)
    deliver(key, make_item(groupId="acme", timestamp=week), at=week)
    deliver(other, make_item(groupId="acme", timestamp=now), at=now)

    page = as_("administrator").get(reverse("scoring:quality_accounts"))
    sheet = open_sheet("account_quality", user=as_("administrator").user, query="", at=now)

    told = {str(line.account): line.last_event_at for line in page.context["lines"]}
    assert told == {"青嶺精機": now, "Never": None}
    at = [column.key for column in sheet.columns].index("last_event_at")
    assert {row[0]: row[at] for row in sheet.rows()} == told


def test_measurement_keys_say_for_how_many_accounts_and_how_old(as_, now):
    for days in (1, 40):
        make_measurement(
            account=make_account(), key="seats", measured_at=now - dt.timedelta(days=days)
        )

    line = as_("administrator").get(reverse("scoring:quality_measurements")).context["lines"][0]

    assert (line.key, line.accounts, line.readings, line.recent) == ("seats", 2, 2, 1)


def test_pages_cost_as_many_queries_for_seven_as_for_one(as_, now):
    client, team = as_("administrator"), make_team()
    for key in ("industry", "region"):
        AttributeDefinition.objects.create(
            key=key, type="choice", label_en=key, label_ja=key, takes_others=True
        )

    def add():
        account = make_account(team=team, attributes={"industry": "x", "region": "y"})
        make_account_role(account=account, user=make_user(is_active=False))
        make_measurement(account=account, measured_at=now)
        make_waiting_key()

    def counts():
        found = []
        for page in PAGES:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(f"scoring:{page}")).status_code == 200
            found.append(len(queries))
        return found

    add()
    counts()
    one = counts()
    for _ in range(6):
        add()

    assert counts() == one
    assert max(one) <= 12


@pytest.mark.parametrize(
    "source", ["sources", "unknown_ids", "account_quality", "measurement_keys"]
)
def test_what_the_pages_list_can_be_taken_out_by_who_sees_it(source, now):
    make_waiting_key()
    make_measurement(account=make_account())
    keeper, member = make_user(role="administrator"), make_user(role="member")

    sheet = open_sheet(source, user=keeper, query="", at=now)
    rows = list(sheet.rows())

    assert (len(rows), len(rows[0])) == (1, len(sheet.columns))
    assert sheet.count() == 1
    request_export(order=ExportOrder(source=source), at=now, by=keeper)
    with pytest.raises(UnknownList):
        open_sheet(source, user=member, query="", at=now)


def test_who_makes_a_write_key_is_asked_who_it_is(as_):
    answer = as_("administrator").post(reverse("scoring:write_key_new"), {"name": "Product"})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/auth/reauthenticate/")
    assert not WriteKey.objects.exists()


def test_write_keys_are_made_changed_and_revoked(client):
    user = make_user(role="administrator")
    user.set_password("a-long-pass-phrase")
    user.save()
    client.force_login(user)
    client.post("/auth/reauthenticate/", {"password": "a-long-pass-phrase"})

    made = client.post(
        reverse("scoring:write_key_new"),
        {"name": "Product", "owner": user.pk, "allowed_traits": ["contact.title"]},
    )
    secret = made.context["made"][1]
    key = find_write_key(secret=secret)
    assert (key.owner, key.allowed_traits) == (user, ["contact.title"])
    assert secret not in client.get(reverse("scoring:write_keys")).content.decode()

    refused = client.post(
        reverse("scoring:write_key_edit", args=[key.pk]), {"name": "P", "creates_accounts": "on"}
    )
    assert refused.status_code == 200
    client.post(reverse("scoring:write_key_edit", args=[key.pk]), {"name": "P"})
    client.post(reverse("scoring:write_key_revoke", args=[key.pk]))
    key.refresh_from_db()
    assert (key.name, key.owner, key.revoked_at is not None) == ("P", None, True)


def test_revoking_a_write_key_asks_first(as_):
    address = reverse("scoring:write_key_revoke", args=[make_write_key(name="Product").pk])
    admin = as_("administrator")
    listed = admin.get(reverse("scoring:write_keys")).content.decode()
    assert f'href="{address}"' in listed
    assert f'action="{address}"' not in listed

    assert "Revoke “Product”" in admin.get(address).content.decode()
    assert WriteKey.objects.get().revoked_at is None


@pytest.mark.parametrize("role", ["manager", "member"])
def test_write_keys_are_for_administrators(as_, role):
    key = make_write_key()

    assert as_(role).get(reverse("scoring:write_keys")).status_code == 403
    assert as_(role).post(reverse("scoring:write_key_revoke", args=[key.pk])).status_code == 403


def test_managers_say_what_an_event_means(as_):
    event = make_event_name("Report opened")
    client = as_("manager")

    client.post(
        reverse("scoring:event_name", args=[event.pk]),
        {"meaning": "record", "is_key_feature": "on", "summed_property": " rows "},
    )

    event.refresh_from_db()
    assert (event.meaning, event.is_key_feature, event.summed_property) == ("record", True, "rows")
    assert "Adds up “rows”" in text_of(client, "event_names")


@pytest.mark.parametrize("role", ["member", "viewer", "privacy_officer"])
def test_nobody_else_says_what_an_event_means(as_, role):
    event = make_event_name("Report opened")
    answer = as_(role).post(reverse("scoring:event_name", args=[event.pk]), {"meaning": "login"})

    event.refresh_from_db()
    assert (answer.status_code, event.meaning) == (403, "")


def test_a_meaning_nobody_knows_stands_beside_its_field(as_):
    event = make_event_name("Report opened")
    answer = as_("manager").post(
        reverse("scoring:event_name", args=[event.pk]), {"meaning": "dance"}
    )

    assert "meaning" in answer.context["form"].errors
    event.refresh_from_db()
    assert event.meaning == ""


def test_events_are_found_by_a_part_of_their_name_and_by_having_no_meaning(as_):
    make_event_name("Report opened")
    told = make_event_name("Report written")
    told.meaning = "record"
    told.save()
    make_event_name("Sign-in")
    client = as_("manager")

    def named(**query):
        answer = client.get(reverse("scoring:event_names"), query)
        return [row.name for row in answer.context["page"].rows]

    assert named(q="report") == ["Report opened", "Report written"]
    assert named(q="report", open="1") == ["Report opened"]
    assert named(q="nothing \0 like it") == []


def test_coverage_is_written_as_it_is_shown(now):
    account = make_account()
    HealthCurrent.objects.create(account=account, score=50, band="at_risk", coverage=0.741234)
    keeper = make_user(role="administrator")

    sheet = open_sheet("account_quality", user=keeper, query="", at=now)
    row = dict(zip([column.key for column in sheet.columns], next(iter(sheet.rows())), strict=True))

    assert row["coverage"] == 0.741
    assert field_of("health.coverage").written(0.741234) == 0.741
