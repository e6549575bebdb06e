import copy
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AccessPolicy, Organisation
from accounts.services.segments import save_segment
from config.lib.clock import app_now
from scoring.models import HealthCurrent, Scorecard, ScorecardVersion
from scoring.selectors.scorecards import acting_scorecards
from scoring.services.metric_slots import ensure_metric_slots
from tests.factories import make_account, make_organisation, make_user
from tests.scoring.factories import (
    SMALL,
    install_scorecards,
    make_scorecard_draft,
    make_scored_account,
)

pytestmark = pytest.mark.django_db
CARDS = "/api/v1/scorecards/"
VERSIONS = "/api/v1/scorecard-versions/"
BODY = {
    "key": "via-partner",
    "name_en": "Via partner",
    "name_ja": "代理店経由",
    "condition": {"tier": "b"},
    "definition": SMALL,
}


@pytest.fixture(autouse=True)
def known():
    make_organisation()
    ensure_metric_slots()
    install_scorecards()


@pytest.fixture
def editor(api, bob):
    return api(bob)


@pytest.fixture
def reviewer(api):
    return api(make_user(role="administrator"))


def today():
    return Organisation.objects.day_of(app_now())


def small(**measure):
    definition = copy.deepcopy(SMALL)
    definition["dimensions"][0]["measures"][0] |= measure
    return definition


def pointers(answer):
    return {error["pointer"] for error in answer.json()["errors"]}


def draft_of(client, key="standard", **fields):
    answer = client.post(VERSIONS, {"scorecard": key, "definition": SMALL, **fields})
    assert answer.status_code == 201, answer.json()
    return f"{VERSIONS}{answer.json()['id']}/", answer.json()


def make_segment(tier="a"):
    make_account(tier=tier)
    rule = {
        "combinator": "and",
        "rules": [{"field": "tier", "operator": "=", "value": tier}],
    }
    return save_segment(key="tried", name_en="T", name_ja="T", rule=rule, at=app_now())


def test_who_sees_health_reads_scorecards_and_what_acts_today(api, alice):
    rows = api(alice).get(CARDS).json()["results"]

    standard = next(row for row in rows if row["key"] == "standard")
    assert [row["position"] for row in rows] == sorted(row["position"] for row in rows)
    assert (standard["is_default"], standard["acting_version"], standard["pilot_version"]) == (
        True,
        1,
        None,
    )
    (version,) = api(alice).get(f"{VERSIONS}?scorecard=standard").json()["results"]
    stored = ScorecardVersion.objects.get(pk=version["id"])
    assert (version["definition"], version["digest"]) == (stored.definition, stored.digest)


def test_who_sees_nobodys_health_sees_no_scorecards(api, alice):
    AccessPolicy.objects.create(role="member", kind="health", read_scope="none", write_scope="none")
    client, version = api(alice), ScorecardVersion.objects.first()

    assert client.get(CARDS).json()["results"] == []
    assert client.get(f"{CARDS}{version.scorecard_id}/").status_code == 404
    assert client.get(f"{VERSIONS}{version.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["member", "viewer", "privacy_officer"])
def test_only_managers_and_administrators_write(api, role):
    client, draft = api(make_user(role=role)), make_scorecard_draft()
    card, version = f"{CARDS}{draft.scorecard_id}/", f"{VERSIONS}{draft.pk}/"
    asked = [
        client.post(CARDS, BODY),
        client.patch(card, {"name_en": "Other"}),
        client.delete(card),
        client.post(f"{CARDS}order/", {"keys": []}),
        client.post(VERSIONS, {"scorecard": "standard", "definition": SMALL}),
        client.patch(version, {"note": "why"}),
        client.delete(version),
        *(
            client.post(f"{version}{verb}/", {})
            for verb in ("submit", "reject", "publish", "revert", "promote", "withdraw")
        ),
    ]

    assert {answer.status_code for answer in asked} == {403}
    draft.refresh_from_db()
    assert (draft.state, draft.note, draft.scorecard.name_en) == ("draft", "", "Draft")


def test_a_scorecard_is_made_with_its_first_draft_renamed_and_archived(editor):
    made = editor.post(CARDS, BODY)
    assert made.status_code == 201, made.json()
    address = f"{CARDS}{made.json()['id']}/"
    (draft,) = editor.get(f"{VERSIONS}?scorecard=via-partner").json()["results"]

    assert (made.json()["acting_version"], "definition" in made.json()) == (None, False)
    assert (draft["state"], draft["number"], draft["definition"]) == ("draft", 1, SMALL)
    changed = editor.patch(address, {"name_ja": "販売店経由", "condition": {"tier": "c"}}).json()
    assert (changed["name_ja"], changed["condition"]) == ("販売店経由", {"tier": "c"})
    assert editor.delete(address).status_code == 204
    assert editor.get(address).json()["archived_at"]
    assert editor.get(f"{CARDS}?is_archived=false&key=via-partner").json()["results"] == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"definition": small(weight=-1)}, "/definition/dimensions/0/measures/0/weight"),
        ({"definition": small(metric="npz")}, "/definition/dimensions/0/measures/0/metric"),
        ({"definition": {**SMALL, "sheme": 2}}, "/definition/sheme"),
        ({"definition": []}, "/definition"),
        ({"condition": {"colour": "red"}}, "/condition/colour"),
        ({"condition": {"segment": "nobody-made"}}, "/condition/segment"),
        ({"key": "no key"}, "/key"),
        ({"name_en": ""}, "/name_en"),
    ],
)
def test_a_fault_names_its_place_and_nothing_is_stored(editor, changes, pointer):
    answer = editor.post(CARDS, {**BODY, **changes})

    assert (answer.status_code, pointers(answer)) == (400, {pointer})
    assert not Scorecard.objects.filter(key="via-partner").exists()


def test_all_faults_of_a_draft_are_named_at_once_and_it_stays_as_it_was(editor):
    address, _ = draft_of(editor)
    wrong = small(weight=0, curve=[[1, 0], [0, 100]])

    answer = editor.patch(address, {"definition": wrong})

    below = "/definition/dimensions/0/measures/0"
    assert {f"{below}/weight", f"{below}/curve"} <= pointers(answer)
    assert editor.get(address).json()["definition"] == SMALL


def test_a_bound_is_proposed_and_taken_over_into_a_draft_alone(editor):
    address, _draft = draft_of(editor)
    version = ScorecardVersion.objects.get(pk=address.rstrip("/").rpartition("/")[2])
    for score in (50, 58):
        account = make_scored_account(arr=100, currency="JPY")
        HealthCurrent.objects.create(account=account, score=score, version=version)
    asked = {"per_week": 1, "weeks": 1, "members": 1, "cost": 50}

    answer = editor.post(f"{address}threshold/", asked)
    other = editor.post(f"{address}threshold/take/", {**asked, "proposed": 51})
    wrong = editor.post(f"{address}threshold/", {**asked, "cost": None, "budget": 5})
    nan = editor.post(f"{address}threshold/", {**asked, "per_week": "nan"})
    taken = editor.post(f"{address}threshold/take/", {**asked, "proposed": 58})

    said = answer.json()
    assert (answer.status_code, said["capacity"], said["fits"]) == (200, 1, True)
    assert said["proposed"] == {"bound": 58, "accounts": 1, "arr": 100, "cost": 50}
    assert (said["now"]["bound"], said["now"]["accounts"], len(said["steps"])) == (60, 2, 21)
    assert (other.status_code, other.json()["code"]) == (409, "proposal_changed")
    assert (wrong.status_code, pointers(wrong)) == (400, {"/cost"})
    assert (nan.status_code, pointers(nan)) == (400, {"/per_week"})
    assert taken.json()["definition"]["bands"] == {"at_risk": 58}
    assert (taken.json()["state"], "58" in taken.json()["note"]) == ("draft", True)


def test_a_taken_key_and_the_default_are_conflicts(editor):
    standard = Scorecard.objects.get(key="standard")

    taken = editor.post(CARDS, {**BODY, "key": "standard"})
    archived = editor.delete(f"{CARDS}{standard.pk}/")

    assert (taken.status_code, pointers(taken)) == (409, {"/key"})
    assert (archived.status_code, archived.json()["code"]) == (409, "default_scorecard_needed")


def test_a_definition_is_not_written_into_a_scorecard_that_is_there(editor):
    standard = Scorecard.objects.get(key="standard")

    answer = editor.patch(f"{CARDS}{standard.pk}/", {"definition": SMALL})

    assert (answer.status_code, pointers(answer)) == (400, {"/definition"})


def test_a_draft_goes_through_review_by_somebody_else_and_acts_from_its_day(editor, reviewer):
    address, draft = draft_of(editor, note="first thought")
    on = str(today() + dt.timedelta(days=3))

    changed = editor.patch(address, {"definition": small(weight=2), "note": "voice first"})
    assert (changed.json()["note"], changed.json()["digest"] != draft["digest"]) == (
        "voice first",
        True,
    )
    assert editor.post(f"{address}submit/").json()["state"] == "review"
    assert editor.patch(address, {"note": "late"}).json()["code"] == "not_a_draft"
    own = editor.post(f"{address}publish/", {"effective_on": on})
    assert (own.status_code, own.json()["code"]) == (409, "own_approval")
    published = reviewer.post(f"{address}publish/", {"effective_on": on})

    assert published.status_code == 200, published.json()
    assert (published.json()["state"], published.json()["effective_on"]) == ("published", on)
    numbers = {
        day: [card.number for card in acting_scorecards(day) if card.key == "standard"]
        for day in (today(), today() + dt.timedelta(days=3))
    }
    assert list(numbers.values()) == [[1], [2]]


def test_a_rejected_version_is_a_draft_again_with_the_reason(editor, reviewer):
    address, _ = draft_of(editor)
    editor.post(f"{address}submit/", {"note": "please"})

    assert pointers(reviewer.post(f"{address}reject/", {"reason": " "})) == {"/reason"}
    back = reviewer.post(f"{address}reject/", {"reason": "Too bold"}).json()

    assert (back["state"], back["rejection"], back["note"]) == ("draft", "Too bold", "please")
    assert editor.delete(address).status_code == 204
    assert editor.get(address).status_code == 404


def test_a_day_that_is_closed_is_refused_by_name(editor, reviewer):
    address, _ = draft_of(editor)
    editor.post(f"{address}submit/")

    answer = reviewer.post(f"{address}publish/", {"effective_on": "2020-01-01"})

    assert (answer.status_code, pointers(answer)) == (400, {"/effective_on"})
    assert pointers(reviewer.post(f"{address}publish/", {"effective_on": "soon"})) == {
        "/effective_on"
    }


def test_an_older_wording_is_published_again_as_a_new_version(editor, reviewer):
    address, _ = draft_of(editor)
    editor.post(f"{address}submit/")
    reviewer.post(f"{address}publish/")
    (first,) = editor.get(f"{VERSIONS}?scorecard=standard&number=1").json()["results"]

    again = editor.post(f"{VERSIONS}{first['id']}/revert/", {"note": "it flapped"})

    assert again.status_code == 201, again.json()
    row = again.json()
    assert (row["number"], row["reverts_to"], row["note"]) == (3, 1, "it flapped")
    assert row["definition"] == first["definition"]
    (standard,) = editor.get(f"{CARDS}?key=standard").json()["results"]
    assert standard["acting_version"] == 3


def test_a_pilot_judges_its_segment_until_it_is_promoted_or_withdrawn(editor, reviewer):
    segment = make_segment()
    address, _ = draft_of(editor)
    editor.post(f"{address}submit/")
    reviewer.post(f"{address}publish/", {"segment": segment.pk})

    (standard,) = editor.get(f"{CARDS}?key=standard").json()["results"]
    assert (standard["acting_version"], standard["pilot_version"]) == (1, 2)
    assert [row["number"] for row in editor.get(f"{VERSIONS}?on_pilot=true").json()["results"]] == [
        2
    ]
    ended = editor.post(f"{address}withdraw/").json()
    assert ended["withdrawn_on"] == str(today())
    late = editor.post(f"{address}promote/")
    assert (late.status_code, late.json()["code"]) == (409, "not_a_pilot")


def test_a_pilot_needs_a_segment_somebody_falls_into(editor, reviewer):
    address, _ = draft_of(editor)
    editor.post(f"{address}submit/")
    rule = {"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "c"}]}
    nobody = save_segment(key="none", name_en="N", name_ja="N", rule=rule, at=app_now())

    empty = reviewer.post(f"{address}publish/", {"segment": nobody.pk})
    unknown = reviewer.post(f"{address}publish/", {"segment": 999_999})

    assert (empty.json()["code"], pointers(empty)) == ("empty_segment", {"/segment"})
    assert (unknown.status_code, pointers(unknown)) == (400, {"/segment"})


def test_accounts_are_tried_in_the_order_that_is_given(editor):
    keys = list(
        Scorecard.objects.filter(is_default=False).order_by("-position").values_list("key", flat=1)
    )

    answer = editor.post(f"{CARDS}order/", {"keys": keys})
    short = editor.post(f"{CARDS}order/", {"keys": keys[:-1]})

    assert (answer.status_code, short.json()["code"]) == (200, "not_the_scorecards")
    shown = [r["key"] for r in editor.get(CARDS).json()["results"] if not r["is_default"]]
    assert shown == keys


def test_the_second_of_two_who_edit_a_draft_learns_of_the_first(editor, reviewer):
    address, _ = draft_of(editor)
    tag = editor.get(address)["ETag"]
    editor.patch(address, {"note": "mine"}, headers={"If-Match": tag})

    late = reviewer.patch(address, {"note": "theirs"}, headers={"If-Match": tag})
    sent = reviewer.post(f"{address}submit/", headers={"If-Match": tag})

    assert (late.status_code, sent.status_code) == (412, 412)
    assert editor.get(address).json()["note"] == "mine"


def test_a_draft_sent_twice_under_one_key_is_made_once(editor):
    body, headers = {"scorecard": "standard", "definition": SMALL}, {"Idempotency-Key": "k1"}

    first = editor.post(VERSIONS, body, headers=headers).json()
    second = editor.post(VERSIONS, body, headers=headers).json()

    assert first["id"] == second["id"]
    assert ScorecardVersion.objects.filter(scorecard__key="standard").count() == 2


def test_an_archived_scorecard_takes_no_draft(editor):
    draft = make_scorecard_draft()
    editor.delete(f"{CARDS}{draft.scorecard_id}/")

    answer = editor.post(VERSIONS, {"scorecard": draft.scorecard.key, "definition": SMALL})

    assert (answer.status_code, pointers(answer)) == (400, {"/scorecard"})


@pytest.mark.parametrize("address", [CARDS, VERSIONS])
def test_a_list_takes_as_many_queries_for_one_as_for_seven(editor, address):
    counts = []
    for n in (1, 6):
        for _ in range(n):
            make_scorecard_draft()
        with CaptureQueriesContext(connection) as queries:
            editor.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
