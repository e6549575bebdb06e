"""A form sent twice leads to what it made, and says so; what was taken back is made anew."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import IdempotencyKey, Segment, StaticList, Touchpoint
from config.lib.clock import app_now
from playbooks.models import Task
from scoring.models import CustomMetric, Scorecard, WriteKey
from scoring.services.write_keys import find_write_key
from surveys.models import Survey, Wave
from tests.browsed_forms import forms_of, sent_by
from tests.factories import make_account, make_organisation, make_team, make_user
from tests.scoring.factories import make_event_name, typed_metric
from tests.surveys.factories import make_survey

pytestmark = pytest.mark.django_db
AGAIN = "This was saved already."


@pytest.fixture
def boss(client):
    make_organisation()
    client.force_login(make_user(role="administrator", team=make_team()))
    return client


def begun(client, address, **typed):
    """Return a form with a name of its own as it is opened, and what is typed in it."""
    page = client.get(address)
    form = next(one for one in forms_of(page) if "sent_as" in dict(one["sent"]))
    return form["action"] or address, sent_by(form) | {name: [v] for name, v in typed.items()}


def making(key):
    """Return the model, the page of its form, what is typed, and what takes the record back."""
    soon = str(app_now().date() + dt.timedelta(days=20))
    make_event_name("Order")
    return {
        "segment": (
            Segment,
            "/segments/new/",
            {
                "name_en": "Large",
                "name_ja": "大口",
                "field-0-0": "tier",
                "was-0-0": "tier",
                "operator-0-0": "=",
                "value-0-0": "a",
                "do": "save",
            },
        ),
        "task": (Task, f"/tasks/new/?account={make_account().pk}", {"title": "見積を送る"}),
        "survey": (Survey, "/surveys/new/", {"name": "定例", "kind": "nps"}),
        "wave": (
            Wave,
            f"/surveys/{make_survey().pk}/waves/new/",
            {"name": "春", "closes_on": soon},
        ),
        "measure": (
            CustomMetric,
            "/settings/metrics/new/",
            typed_metric(),
        ),
        "scorecard": (
            Scorecard,
            "/scorecards/new/",
            {"name_en": "Own", "name_ja": "独自", "start": "method:all_points"},
        ),
        "list": (StaticList, "/lists/new/", {"name": "展示会"}),
    }[key]


@pytest.mark.parametrize(
    "key", ["segment", "task", "survey", "wave", "measure", "scorecard", "list"]
)
def test_what_is_sent_twice_is_made_once(boss, key):
    model, page, typed = making(key)
    before = set(model.objects.values_list("pk", flat=True))
    address, form = begun(boss, page, **typed)

    first = boss.post(address, form)
    again = boss.post(address, form, follow=True)

    assert (first.status_code, again.redirect_chain[0][0]) == (302, first["Location"])
    assert model.objects.exclude(pk__in=before).count() == 1
    assert AGAIN in again.content.decode()


TAKEN_BACK = {
    "segment": {"archived_at": "2026-01-01T00:00:00Z"},
    "task": {"status": "cancelled"},
    "list": {"archived_at": "2026-01-01T00:00:00Z"},
    "wave": None,
}


@pytest.mark.parametrize("key", list(TAKEN_BACK))
def test_what_was_taken_back_is_made_anew(boss, key):
    model, page, typed = making(key)
    before = set(model.objects.values_list("pk", flat=True))
    address, form = begun(boss, page, **typed)
    boss.post(address, form)
    made = model.objects.exclude(pk__in=before)
    made.update(**TAKEN_BACK[key]) if TAKEN_BACK[key] else made.delete()

    again = boss.post(address, form, follow=True)

    assert AGAIN not in again.content.decode()
    assert model.objects.exclude(pk__in=before).count() == (2 if TAKEN_BACK[key] else 1)


def test_a_write_key_sent_twice_is_one_and_its_secret_can_be_made_anew(client):
    make_organisation()
    user = make_user(role="administrator")
    user.set_password("a-long-pass-phrase")
    user.save()
    client.force_login(user)
    client.post("/auth/reauthenticate/", {"password": "a-long-pass-phrase"})
    address, form = begun(client, reverse("scoring:write_key_new"), name="Product")

    first = client.post(address, form)
    again = client.post(address, form, follow=True)

    key = WriteKey.objects.get()
    assert find_write_key(secret=first.context["made"][1]) == key
    assert again.redirect_chain == [(reverse("scoring:write_key_rotate", args=[key.pk]), 302)]
    assert AGAIN in again.content.decode()


def test_a_talk_sent_again_leads_to_the_first_and_says_so(boss):
    account = make_account()
    address, talk = begun(boss, f"/touchpoints/new/?account={account.pk}", subject="定例", do="log")

    boss.post(address, talk)
    again = boss.post(address, talk, follow=True)

    assert Touchpoint.objects.count() == 1
    assert again.redirect_chain == [(f"/accounts/{account.pk}/", 302)]
    assert AGAIN in again.content.decode()


def test_a_talk_that_was_taken_back_is_made_anew_by_the_same_words(boss):
    account = make_account()
    address, talk = begun(boss, f"/touchpoints/new/?account={account.pk}", subject="定例", do="log")
    boss.post(address, talk)
    boss.post(f"/touchpoints/{Touchpoint.objects.get().pk}/retract/")

    again = boss.post(address, talk, follow=True)
    third = boss.post(address, talk, follow=True)

    assert Touchpoint.objects.filter(retracted_at=None).count() == 1
    assert AGAIN not in again.content.decode()
    assert AGAIN in third.content.decode()


def test_what_an_older_version_kept_of_a_sending_leads_on_too(boss):
    address, form = begun(boss, "/lists/new/", name="展示会")
    boss.post(address, form)
    IdempotencyKey.objects.update(response="/lists/")

    again = boss.post(address, form, follow=True)

    assert again.redirect_chain[0][0] == "/lists/"
    assert AGAIN in again.content.decode()
