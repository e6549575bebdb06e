"""Words of levels of titles are kept over the API by who keeps their page."""

import pytest

from accounts.choices import Seniority
from accounts.models import SeniorityWords
from accounts.selectors.seniority import seniority_of, shipped_words
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
LEVELS = "/api/v1/seniority-levels/"


@pytest.fixture
def boss(api):
    make_organisation()
    return api(make_user(role="administrator"))


def test_levels_are_told_from_the_top_down_with_their_words(
    api, boss, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5):
        rows = boss.get(LEVELS).json()["results"]

    assert [row["key"] for row in rows] == Seniority.values
    assert rows[0] == {
        "key": "executive",
        "words": shipped_words("executive"),
        "is_changed": False,
    }
    viewer = api(make_user(role="viewer"))
    assert viewer.get(f"{LEVELS}lead/").json()["key"] == "lead"


def test_words_of_a_level_are_changed_and_go_back_to_the_shipped_ones(boss):
    before = boss.get(f"{LEVELS}lead/").json()

    changed = boss.patch(f"{LEVELS}lead/", {"words": ["工房長老", "工房長老"]})
    level = seniority_of("工房長老")
    back = boss.post(f"{LEVELS}lead/original/")

    assert changed.json() == {"key": "lead", "words": ["工房長老"], "is_changed": True}
    assert level == "lead"
    assert (back.status_code, back.json()) == (200, before)
    assert not SeniorityWords.objects.exists()


def test_a_level_sent_back_as_it_was_read_writes_nothing(boss):
    seen = boss.get(f"{LEVELS}lead/").json()

    assert boss.patch(f"{LEVELS}lead/", seen).json() == seen
    assert not SeniorityWords.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"words": ["長" * 121]}, "/words/0"),
        ({"words": [""]}, "/words/0"),
        ({"words": "長老"}, "/words"),
        ({"level": "staff"}, "/level"),
    ],
)
def test_words_that_can_not_be_are_refused_by_their_place(boss, body, pointer):
    answer = boss.patch(f"{LEVELS}lead/", body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    assert not SeniorityWords.objects.exists()


def test_too_many_words_of_all_levels_together_are_refused(boss):
    answer = boss.patch(f"{LEVELS}lead/", {"words": [f"{n:04}長" * 10 for n in range(200)]})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_title_words")
    assert not SeniorityWords.objects.exists()


def test_who_was_first(boss):
    seen = boss.get(f"{LEVELS}lead/")["ETag"]

    first = boss.patch(f"{LEVELS}lead/", {"words": ["甲"]}, headers={"If-Match": seen})
    late = boss.patch(f"{LEVELS}lead/", {"words": ["乙"]}, headers={"If-Match": seen})

    assert (first.status_code, late.status_code) == (200, 412)


def test_there_is_no_level_of_an_invented_key(boss):
    assert boss.get(f"{LEVELS}shogun/").status_code == 404
    assert boss.patch(f"{LEVELS}shogun/", {"words": []}).status_code == 404


@pytest.mark.parametrize("role", ["manager", "member", "viewer", "privacy_officer"])
def test_who_is_no_administrator_changes_no_words(api, role):
    make_organisation()
    client = api(make_user(role=role))

    assert client.patch(f"{LEVELS}lead/", {"words": []}).status_code == 403
    assert client.post(f"{LEVELS}lead/original/").status_code == 403


def test_the_history_of_the_page_tells_of_it(boss):
    boss.patch(f"{LEVELS}lead/", {"words": ["甲"]})

    [row] = boss.get("/api/v1/settings-history/seniority/").json()["results"]
    assert row["kind"] == "senioritywords"
