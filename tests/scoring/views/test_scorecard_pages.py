"""The pages about scorecards: reading, comparing, ordering, going back, piloting."""

import copy
import datetime as dt

import pytest
from django.test import Client

from accounts.models import Account
from accounts.services.segments import save_segment
from scoring.models import Scorecard
from scoring.services.scorecard_versions import publish_version
from scoring.services.scorecards import archive_scorecard, draft_version
from tests.factories import make_user, our_day
from tests.scoring.factories import (
    DAY,
    LONG_KNOWN,
    close_day,
    install_scorecards,
    make_scored_account,
)

pytestmark = pytest.mark.django_db


def signed_in(role="manager", **fields):
    client = Client()
    client.force_login(make_user(role=role, **fields))
    return client


@pytest.fixture
def standard():
    install_scorecards()
    return Scorecard.objects.get(key="standard")


def said(card):
    return copy.deepcopy(card.versions.order_by("number").first().definition)


def publish(card, definition, on=dt.date(2026, 1, 1), **fields):
    """Publish a version as if it had been a while ago."""
    version = draft_version(scorecard=card, definition=definition)
    publish_version(version=version, effective_on=on, at=LONG_KNOWN, **fields)
    return version


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def make_segment(key="pilots"):
    rule = {"rules": [{"field": "tier", "operator": "=", "value": "a"}], "combinator": "and"}
    make_scored_account(tier="a")
    return save_segment(key=key, name_en="Tier A", name_ja="ランクA", rule=rule, at=LONG_KNOWN)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_list_says_whom_each_scorecard_judges(standard, language):
    account, gone = make_scored_account(), make_scored_account()
    close_day(DAY, account, gone)
    Account.objects.filter(pk=gone.pk).update(status="churned")
    client = signed_in("member", language=language)

    answer = client.get("/scorecards/")

    rows = {row.card.key: row for row in answer.context["rows"]}
    assert list(rows) == ["onboarding", "records_only", "standard"]
    assert rows["standard"].accounts == 1
    assert rows["standard"].standing.acting.number == 1
    assert rows["onboarding"].whom in ("Onboarding", "オンボーディング")


def test_who_sees_no_health_finds_no_scorecards(standard):
    client = signed_in("privacy_officer")

    for address in ("", f"{standard.pk}/", f"{standard.pk}/compare/"):
        assert client.get(f"/scorecards/{address}").status_code == 404


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_who_does_not_steer_reads_and_changes_nothing(standard, role):
    client = signed_in(role)

    assert client.get(f"/scorecards/{standard.pk}/").status_code == 200
    for address in ("order/", f"{standard.pk}/archive/", f"{standard.pk}/versions/1/revert/"):
        assert client.post(f"/scorecards/{address}").status_code == 403


def test_the_order_is_moved_by_one_place_and_acts(standard):
    client = signed_in()
    second = Scorecard.objects.get(key="records_only")

    client.post("/scorecards/order/", {"do": f"up-{second.pk}"})

    answer = client.get("/scorecards/")
    keys = [row.card.key for row in answer.context["rows"]]
    assert keys == ["records_only", "onboarding", "standard"]


def test_the_default_is_not_moved(standard):
    signed_in().post("/scorecards/order/", {"do": f"up-{standard.pk}"})

    assert Scorecard.objects.order_by("is_default", "position").last() == standard


def test_the_page_says_every_part_in_words(standard):
    text = page(signed_in(), f"/scorecards/{standard.pk}/")

    assert "35% of the dimension, 10.5% of the score" in text
    assert "0% → 0; 20% → 40; 40% → 60; 70% → 85; 90% → 100" in text
    assert "Invoice more than 60 days late" in text
    assert "at most 39" in text
    assert "Silence is never health" in text


def test_a_difference_names_what_changed_and_nothing_else(standard):
    definition = said(standard)
    definition["dimensions"][0]["measures"][0]["curve"][1] = [0.25, 40]
    definition["gates"] = definition["gates"][1:]
    draft_version(scorecard=standard, definition=definition)

    lines = signed_in().get(f"/scorecards/{standard.pk}/compare/").context["lines"]

    assert [(line.kind, line.aspect) for line in lines] == [
        ("Measure", "Curve"),
        ("Limit rule", "Removed"),
    ]
    assert "25% → 40" in lines[0].after
    assert "Cancellation notice received" in lines[1].before


def test_going_back_publishes_the_older_words_again(standard):
    publish(standard, said(standard) | {"reference": 60})
    client = signed_in()
    today = our_day() + dt.timedelta(days=1)

    answer = client.post(
        f"/scorecards/{standard.pk}/versions/1/revert/", {"on": today, "note": "Too strict"}
    )

    newest = standard.versions.order_by("-number").first()
    assert answer.status_code == 302
    assert (newest.number, newest.reverts_to.number, newest.note) == (3, 1, "Too strict")
    assert newest.definition == said(standard)


def test_a_day_that_is_closed_is_refused_beside_the_day(standard):
    client = signed_in()

    answer = client.post(f"/scorecards/{standard.pk}/versions/1/revert/", {"on": "2020-01-01"})

    assert answer.status_code == 200
    assert answer.context["form"].errors["on"] == [
        "Choose today or a later day: the days before are closed."
    ]
    assert standard.versions.count() == 1


def test_a_pilot_is_shown_and_takes_over(standard):
    segment = make_segment()
    version = publish(standard, said(standard) | {"reference": 60}, pilot_segment=segment)
    client = signed_in()

    text = page(client, f"/scorecards/{standard.pk}/")
    client.post(
        f"/scorecards/{standard.pk}/versions/{version.number}/promote/",
        {"on": our_day() + dt.timedelta(days=1)},
    )

    version.refresh_from_db()
    assert "Version 2 judges the segment Tier A" in text
    assert version.promoted_on is not None


def test_a_pilot_ends(standard):
    version = publish(standard, said(standard), pilot_segment=make_segment())

    signed_in().post(
        f"/scorecards/{standard.pk}/versions/{version.number}/withdraw/",
        {"on": our_day() + dt.timedelta(days=1)},
    )

    version.refresh_from_db()
    assert version.withdrawn_on is not None


def test_the_condition_is_changed_and_an_empty_segment_is_refused_beside_it(standard):
    card = Scorecard.objects.get(key="onboarding")
    client = signed_in()
    names = {"name_en": "Start", "name_ja": "導入"}
    save_segment(
        key="nobody",
        name_en="Nobody",
        name_ja="なし",
        rule={"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "c"}]},
        at=LONG_KNOWN,
    )

    refused = client.post(f"/scorecards/{card.pk}/edit/", {**names, "condition.segment": "nobody"})
    client.post(f"/scorecards/{card.pk}/edit/", {**names, "condition.tracked": "false"})

    card.refresh_from_db()
    assert refused.context["form"].errors["condition.segment"]
    assert (card.name_en, card.condition) == ("Start", {"tracked": False})


def test_archiving_is_undone_by_the_toast(standard):
    card = Scorecard.objects.get(key="onboarding")
    client = signed_in()

    client.post(f"/scorecards/{card.pk}/archive/")
    archived = Scorecard.objects.get(pk=card.pk).archived_at
    client.post(f"/scorecards/{card.pk}/restore/")

    card.refresh_from_db()
    assert archived is not None
    assert card.archived_at is None


def test_the_default_is_not_archived(standard):
    signed_in().post(f"/scorecards/{standard.pk}/archive/")

    standard.refresh_from_db()
    assert standard.archived_at is None


def test_an_archived_scorecard_is_read_and_stands_apart(standard):
    card = Scorecard.objects.get(key="onboarding")
    archive_scorecard(scorecard=card, at=LONG_KNOWN)
    client = signed_in()

    answer = client.get("/scorecards/")

    assert [row.card.key for row in answer.context["archived"]] == ["onboarding"]
    assert "It judges nobody" in page(client, f"/scorecards/{card.pk}/")
