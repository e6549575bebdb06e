"""A scorecard from its method to its draft, through the pages."""

import copy
import re

import pytest
from django.test import Client

from accounts.models import Job
from config.lib.clock import app_now
from scoring.models import Scorecard, Validation
from scoring.services.validations import run_due_validation
from tests.factories import make_user
from tests.scoring.factories import (
    DAY,
    LONG_KNOWN,
    close_day,
    make_metric,
    make_scored_account,
)
from tests.scoring.forms.test_definition_sheet import sent

pytestmark = pytest.mark.django_db


def signed_in(role="manager", **fields):
    client = Client()
    user = make_user(role=role, **fields)
    client.force_login(user)
    return client, user


def said(card):
    return copy.deepcopy(card.versions.order_by("number").first().definition)


def begun(client, card):
    client.post(f"/scorecards/{card.pk}/draft/begin/")
    return card.versions.get(state="draft")


def save(client, draft, do="save", **changes):
    fields = sent(draft.definition, **changes) | {"digest": draft.digest, "do": do}
    return client.post(f"/scorecards/{draft.scorecard_id}/draft/", fields)


def test_the_chooser_counts_the_data_there_is(standard):
    account = make_scored_account()
    make_scored_account(status="churned")
    close_day(DAY, account)
    client, _user = signed_in()

    answer = client.get("/scorecards/new/")

    presence = answer.context["presence"]
    assert (presence.looked_at, presence.customers) == (1, 1)
    assert presence.shares["touch_recency"] == 1
    assert presence.shares["open_critical_tickets"] == 0
    assert presence.shares["nps"] == 0
    starts = {value for method in answer.context["methods"] for value, _l, _s in method.starts}
    assert {"starter:standard", "copy:standard", "method:all_points", "empty:weighted"} <= starts
    assert "Real time needs no choice" in answer.content.decode()


@pytest.mark.parametrize(
    "start",
    [
        *("starter:standard", "starter:onboarding", "copy:records_only"),
        *("method:all_points", "method:most_severe"),
        *("empty:weighted", "empty:all_points", "empty:most_severe"),
    ],
)
def test_a_scorecard_begins_as_a_draft_that_its_editor_opens_and_saves(standard, start):
    client, user = signed_in()
    fields = {"start": start, "metric": "days_late", "name_en": "Partners!", "name_ja": "代理店"}

    answer = client.post("/scorecards/new/", {**fields, "condition.tier": "a"})

    card = Scorecard.objects.get(key="partners")
    draft = card.versions.get()
    assert answer["Location"] == f"/scorecards/{card.pk}/draft/"
    assert (draft.state, draft.author, card.condition) == ("draft", user, {"tier": "a"})
    assert client.get(answer["Location"]).status_code == 200
    assert save(client, draft).status_code == 302


def test_almost_empty_asks_for_a_measure(standard):
    client, _user = signed_in()
    fields = {"start": "empty:weighted", "name_en": "A", "name_ja": "あ"}

    answer = client.post("/scorecards/new/", fields)

    assert answer.context["form"].errors["metric"]
    assert Scorecard.objects.count() == 3


def test_two_scorecards_of_one_name_get_keys_of_their_own(standard):
    client, _user = signed_in()

    for _ in range(2):
        client.post(
            "/scorecards/new/",
            {"start": "starter:standard", "name_en": "Standard", "name_ja": "標準2"},
        )

    assert set(Scorecard.objects.values_list("key", flat=True)) >= {"standard-2", "standard-3"}


def test_a_draft_begins_with_what_acts_and_there_is_one_at_a_time(standard):
    client, user = signed_in()

    draft = begun(client, standard)
    begun(client, standard)

    assert (draft.definition, draft.author) == (said(standard), user)
    assert standard.versions.count() == 2


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_editor_opens_every_shipped_scorecard(standard, language):
    client, _user = signed_in(language=language)
    for card in Scorecard.objects.all():
        begun(client, card)

        answer = client.get(f"/scorecards/{card.pk}/draft/")

        assert answer.status_code == 200
        assert answer.content.decode().count("data-curve") == sum(
            len(one["measures"]) for one in said(card)["dimensions"]
        )


def test_a_changed_weight_and_curve_are_saved(standard):
    client, _user = signed_in()
    draft = begun(client, standard)
    place = "dimensions/0/measures"

    answer = save(
        client,
        draft,
        **{
            f"{place}/0/weight": "30",
            f"{place}/1/weight": "25",
            f"{place}/0/knots/1/x": "25",
        },
    )

    draft.refresh_from_db()
    measures = draft.definition["dimensions"][0]["measures"]
    assert answer.status_code == 302
    assert [one["weight"] for one in measures[:2]] == [0.3, 0.25]
    assert measures[0]["curve"][1] == [0.25, 40]


def test_what_can_not_be_used_is_kept_on_the_page_and_not_saved(standard):
    client, _user = signed_in(language="ja")
    draft = begun(client, standard)

    answer = save(client, draft, **{"dimensions/0/measures/0/weight": "三十"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="三十" data-weight' in page
    assert "数値" in str(answer.context["summary"])
    assert "利用者数" in str(answer.context["summary"])
    draft.refresh_from_db()
    assert draft.definition == said(standard)


def test_a_row_button_changes_the_page_and_not_the_draft(standard):
    client, _user = signed_in()
    draft = begun(client, standard)

    answer = save(client, draft, do="remove:gates/0")

    assert len(answer.context["sheet"]["gates"]["rows"]) == 7
    draft.refresh_from_db()
    assert draft.definition == said(standard)


def test_a_group_of_conditions_is_put_into_a_group(standard):
    client, _user = signed_in()
    draft = begun(client, standard)
    at = "gates/0/tests"

    page = save(client, draft, do=f"group:{at}")
    count = len(page.context["sheet"]["gates"]["rows"][0]["tests"]["rows"]) - 1
    fields = {
        **sent(draft.definition),
        f"{at}/{count}/joint": "none",
        f"{at}/{count}/tests/0/metric": "days_late",
        f"{at}/{count}/tests/0/value": "4",
        f"{at}/{count}/tests/1/joint": "all",
        f"{at}/{count}/tests/1/tests/0/metric": "nps",
        f"{at}/{count}/tests/1/tests/0/value": "1",
        f"{at}/{count}/tests/1/tests/1/metric": "logins",
        f"{at}/{count}/tests/1/tests/1/op": "missing",
    }
    client.post(
        f"/scorecards/{standard.pk}/draft/", fields | {"digest": draft.digest, "do": "save"}
    )

    draft.refresh_from_db()
    assert f'name="{at}/{count}/tests/1/value"' in page.text
    assert draft.definition["gates"][0]["any"][count] == {
        "not": {
            "any": [
                {"metric": "days_late", "above": 4},
                {"all": [{"metric": "nps", "above": 1}, {"metric": "logins", "missing": True}]},
            ]
        }
    }
    again = client.get(f"/scorecards/{standard.pk}/draft/")
    assert f'name="{at}/{count}/tests/1/tests/0/value"' in again.text


def test_a_way_that_is_chosen_brings_its_fields(standard):
    client, _user = signed_in()
    draft = begun(client, standard)

    answer = save(client, draft, do="settle", **{"dimensions/1/measures/1/way": "log"})

    measure = answer.context["sheet"]["dimensions"]["rows"][1]["measures"]["rows"][1]
    assert measure["log_scale"].value == "10"
    assert len(measure["knots"]["rows"]) == 3


def test_a_measure_of_the_organisation_can_be_added(standard):
    make_metric("own-orders", higher_is_better=True)
    client, _user = signed_in()
    draft = begun(client, standard)
    add = {"dimensions/4/add": "own-orders"}

    answer = save(client, draft, do="add:dimensions/4/measures", **add)

    rows = answer.context["sheet"]["dimensions"]["rows"][4]["measures"]["rows"]
    assert rows[-1]["metric"].value == "own-orders"


def test_who_saved_later_is_asked_before_replacing_the_other(standard):
    client, _user = signed_in()
    draft = begun(client, standard)
    save(client, draft, reference="55")

    second = save(client, draft, reference="60")
    standing = standard.versions.get(state="draft")
    again = save(client, standing, reference="60")

    assert second.context["is_stale"]
    assert standing.definition["reference"] == 55
    assert again.status_code == 302
    assert standard.versions.get(state="draft").definition["reference"] == 60


def test_trying_saves_and_shows_how_far_it_is_and_what_it_found(standard):
    account = make_scored_account()
    close_day(DAY, account)
    client, _user = signed_in("administrator")
    draft = begun(client, standard)

    save(client, draft, do="try", reference="55")
    waiting = client.get(f"/scorecards/{standard.pk}/draft/trial/").content.decode()
    Job.objects.update(due_at=LONG_KNOWN)
    run_due_validation(at=app_now())
    found = client.get(f"/scorecards/{standard.pk}/draft/trial/").content.decode()
    page = client.get(f"/scorecards/{standard.pk}/review/").content.decode()

    assert Validation.objects.get().version == draft
    assert 'hx-trigger="every 2s"' in waiting
    assert 'hx-trigger="every 2s"' not in found
    assert "From band to band" in found
    assert "Who moves most" in page


def test_a_draft_is_thrown_away(standard):
    client, _user = signed_in()
    begun(client, standard)

    client.post(f"/scorecards/{standard.pk}/draft/discard/")

    assert standard.versions.count() == 1


def throw_away(client, card):
    """Return the address that takes it back, as the toast says it."""
    page = client.post(f"/scorecards/{card.pk}/draft/discard/", follow=True)
    [undo] = re.findall(rf'"(/scorecards/{card.pk}/draft/restore/[^"]*)"', page.text)
    return undo


def test_a_draft_thrown_away_comes_back_by_the_toast_as_it_was_saved(standard):
    client, user = signed_in()
    draft = begun(client, standard)
    save(client, draft, reference="61")

    answer = client.post(throw_away(client, standard))

    back = standard.versions.get(state="draft")
    assert answer["Location"] == f"/scorecards/{standard.pk}/draft/"
    assert (back.definition["reference"], back.author) == (61, user)


def test_a_draft_begun_meanwhile_is_not_replaced_by_one_thrown_away(standard):
    client, _user = signed_in()
    begun(client, standard)
    undo = throw_away(client, standard)
    other = begun(client, standard)

    page = client.post(undo, follow=True)

    assert standard.versions.get(state="draft") == other
    assert "Another draft was begun meanwhile." in page.text


@pytest.mark.parametrize("was", ["", "x", "0", "9" * 30])
def test_nothing_comes_back_that_was_never_thrown_away(standard, was):
    client, _user = signed_in()
    published = standard.versions.get()

    for one in (was, published.pk):
        client.post(f"/scorecards/{standard.pk}/draft/restore/?was={one}")

    assert standard.versions.get() == published
