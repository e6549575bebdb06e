import datetime as dt

import pytest
from django.utils import timezone, translation

from accounts.models import AccessPolicy
from accounts.registry import timeline
from accounts.selectors import timeline_of
from surveys.panels import SurveysPanel
from tests.factories import make_account, make_organisation, make_team, make_user
from tests.surveys.factories import make_response, make_wave

pytestmark = pytest.mark.django_db


def answer(account, days_ago=1, **fields):
    at = timezone.now() - dt.timedelta(days=days_ago)
    return make_response(account=account, answered_at=at, recorded_at=at, **fields)


@pytest.fixture
def account():
    make_organisation()
    return make_account(team=make_team())


@pytest.fixture
def member(account):
    return make_user(team=account.team)


def context(account, user):
    return SurveysPanel().context(account=account, user=user, at=timezone.now())


def test_the_panel_shows_the_nps_of_twelve_months_and_says_that_few_answers_are_indicative(
    account, member
):
    wave = make_wave()
    for score in (9, 10, 7, 3):
        answer(account, score=score, wave=wave)
    answer(account, score=0, wave=wave, days_ago=400)
    answer(account, score=0, wave=wave, retracted_at=timezone.now())

    nps = context(account, member)["nps"]

    assert (nps.n, nps.score) == (4, 25.0)
    assert nps.is_indicative


def test_without_answers_there_is_no_score_and_never_zero(account, member):
    assert context(account, member)["nps"].score is None


def test_answers_to_other_kinds_are_no_nps(account, member):
    answer(account, kind="csat", score=5)

    assert context(account, member)["nps"].n == 0


def test_the_account_page_shows_figure_answers_and_history(client, account, member):
    answer(account, score=3, comment="Slow since the update")
    client.force_login(member)

    page = client.get(f"/accounts/{account.pk}/").content.decode()

    assert "indicative" in page
    assert "−100" in page
    assert page.count("Slow since the update") == 2


def test_history_tells_who_answered_in_the_readers_language(account, member):
    answer(account, score=3, comment="遅い")

    with translation.override("ja"):
        items = timeline_of(account=account, user=member).items

    item = next(item for item in items if item.source == "surveys")
    assert item.text == "遅い"
    assert item.chips == ["NPS 3"]
    assert "水上 隆" in item.title


def test_history_keeps_answers_from_who_may_not_see_them(account, member):
    answer(account)
    outsider = make_user(team=make_team())

    rows = timeline.get("surveys").rows(account=account, user=outsider, before=None)

    assert not rows.exists()


def test_the_figure_of_an_account_is_for_who_may_see_its_answers(account, member):
    answer(account, score=3)
    for kind, scope in [("account", "all"), ("survey", "own_team")]:
        AccessPolicy.objects.create(
            role="member", kind=kind, read_scope=scope, write_scope="own_team"
        )
    colleague = make_user(team=make_team())

    assert context(account, member)["nps"].n == 1
    assert context(account, colleague) is None


def test_a_contact_s_page_shows_what_they_answered_under_their_name(client, account, member):
    contact = answer(account, score=3, comment="返事が遅い").contact
    make_response(account=account, comment="Somebody else")
    client.force_login(member)

    page = client.get(f"/contacts/{contact.pk}/").content.decode()

    assert "返事が遅い" in page
    assert "Somebody else" not in page


def test_answers_stay_with_who_may_read_surveys(client, account, member):
    contact = answer(account, comment="返事が遅い").contact
    scopes = {"read_scope": "none", "write_scope": "none"}
    AccessPolicy.objects.create(role="member", kind="survey", **scopes)
    client.force_login(member)

    assert "返事が遅い" not in client.get(f"/contacts/{contact.pk}/").content.decode()
