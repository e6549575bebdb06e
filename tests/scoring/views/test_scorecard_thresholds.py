"""A bound that fits the teams: proposed from the book, in the draft only once it is taken over."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.models import HealthCurrent
from tests.factories import make_team, make_user
from tests.scoring.factories import make_scored_account
from tests.scoring.views.test_scorecard_studio import begun, signed_in

pytestmark = pytest.mark.django_db
ASKED = {"bound": "at_risk", "per_week": "1", "weeks": "2"}


@pytest.fixture
def book(standard):
    """Two members of one team; 6 accounts below 60, 4 of them below 55."""
    team = make_team()
    for role in ("member", "manager", "viewer"):
        make_user(team=team, role=role)
    make_user(team=make_team(), role="member")
    acting = standard.versions.get()
    for score in (30, 50, 52.5, 54, 57, 59.9, 60, 75, None):
        account = make_scored_account(team=team, arr=100, currency="JPY")
        HealthCurrent.objects.create(account=account, score=score, version=acting)
    gone = make_scored_account(team=team, status="churned")
    HealthCurrent.objects.create(account=gone, score=10, version=acting)
    return standard


def review(client, card, **asked):
    return client.get(f"/scorecards/{card.pk}/review/", ASKED | asked)


def test_the_review_proposes_a_bound_with_its_reason_and_what_follows(book):
    client, _user = signed_in(language="en")
    draft = begun(client, book)

    answer = review(client, book, cost="100").content.decode()

    assert "At risk below 57 instead of 60. 4 accounts lie below it" in answer
    assert "4 (2 members × 1 a week × 2 weeks)" in answer
    assert "Cost a week" in answer
    draft.refresh_from_db()
    assert draft.definition["bands"]["at_risk"] == 60


def test_it_is_taken_over_into_the_draft_with_its_reason_and_acts_once_published(book):
    client, _user = signed_in(language="en")
    draft = begun(client, book)
    taken = ASKED | {"value": "57.0", "digest": draft.digest}

    client.post(f"/scorecards/{book.pk}/review/threshold/", taken)

    draft.refresh_from_db()
    assert (draft.state, draft.definition["bands"]["at_risk"]) == ("draft", 57)
    assert "At risk below 57 instead of 60." in draft.note
    assert book.versions.get(state="published").definition["bands"]["at_risk"] == 60
    assert "Take it over" not in review(client, book).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": "58"}, "The proposal is another one by now."),
        ({"digest": "other"}, "Somebody changed this version"),
    ],
)
def test_what_was_not_agreed_to_is_not_taken_over(book, changes, words):
    client, _user = signed_in(language="en")
    draft = begun(client, book)
    taken = ASKED | {"value": "57", "digest": draft.digest} | changes

    answer = client.post(f"/scorecards/{book.pk}/review/threshold/", taken, follow=True)

    draft.refresh_from_db()
    assert draft.definition["bands"]["at_risk"] == 60
    assert words in answer.content.decode()


def test_a_version_in_review_keeps_its_bound(book):
    client, _user = signed_in(language="en")
    draft = begun(client, book)
    client.post(f"/scorecards/{book.pk}/review/submit/", {})

    assert "once the version is a draft again" in review(client, book).content.decode()
    taken = ASKED | {"value": "57", "digest": draft.digest}
    client.post(f"/scorecards/{book.pk}/review/threshold/", taken)

    draft.refresh_from_db()
    assert (draft.state, draft.definition["bands"]["at_risk"]) == ("review", 60)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"per_week": "0"}, "greater than or equal to 0.01"),
        ({"per_week": "nan"}, "Enter a number."),
        ({"budget": "100"}, "A budget needs the cost of one account."),
        ({"per_week": "0.1", "weeks": "1"}, "even at the lowest bound"),
        ({"members": "500"}, "At risk below 61 instead of 60. 7 accounts"),
        ({"cost": "10", "budget": "15"}, "what the budget of 2 weeks pays for"),
    ],
)
def test_what_is_asked_is_answered_or_refused_at_its_field(book, asked, words):
    client, _user = signed_in(language="en")
    begun(client, book)

    assert words in review(client, book, **asked).content.decode()


def test_nobody_judged_means_nothing_to_propose(standard):
    client, _user = signed_in(language="en")
    begun(client, standard)

    assert "Nobody is judged by this scorecard yet" in review(client, standard).content.decode()


def test_only_who_steers_takes_it_over(book):
    writer, _user = signed_in()
    begun(writer, book)
    client, _user = signed_in(role="member", language="en")

    assert "Managers and administrators ask for it." in review(client, book).content.decode()
    answer = client.post(f"/scorecards/{book.pk}/review/threshold/", ASKED | {"value": "57"})
    assert answer.status_code == 403


def test_the_page_takes_as_many_queries_for_a_larger_book(book):
    client, _user = signed_in()
    begun(client, book)
    counts = []
    for n in (1, 6):
        for _ in range(n):
            account = make_scored_account(team=make_team())
            version = book.versions.get(state="published")
            HealthCurrent.objects.create(account=account, score=50, version=version)
        review(client, book)
        with CaptureQueriesContext(connection) as queries:
            review(client, book)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_proposal_speaks_japanese(book):
    client, _user = signed_in(language="ja")
    begun(client, book)

    assert (
        "「リスクあり」の境界(未満)を60から57に変更する案です。"
        in review(client, book).content.decode()
    )
