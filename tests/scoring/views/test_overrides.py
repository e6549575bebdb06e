import datetime as dt

import pytest
from django.urls import reverse

from config.lib.clock import app_now
from scoring.models import HealthOverride, ScoreFeedback
from scoring.services.runs import recompute_dirty, recompute_health
from tests.factories import make_team, make_user, our_day
from tests.scoring.factories import (
    ONE_DAY,
    install_scorecards,
    last_days,
    make_invoice,
    make_live_source,
    make_override,
    make_scored_account,
    make_usage,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    install_scorecards()
    account = make_scored_account(team=make_team())
    today = our_day()
    make_live_source(account=account, until=today, days=60)
    due = today - 60 * ONE_DAY
    make_invoice(account=account, due=due, paid=due)
    make_usage(account=account, days=last_days(60, until=today), users=6)
    recompute_health(at=app_now(), account_ids=[account.pk])
    return account


@pytest.fixture
def member(client, account):
    user = make_user(team=account.team)
    client.force_login(user)
    return user


def in_days(n):
    return (app_now() + dt.timedelta(days=n)).date().isoformat()


def test_the_page_sets_an_override_shows_both_numbers_and_ends_it(client, account, member):
    address = reverse("scoring:override_set", args=[account.pk])
    detail = reverse("accounts:detail", args=[account.pk])
    values = {"kind": "value", "value": "41.5", "reason": "M&A", "expires_at": in_days(12)}

    client.post(address, values)
    recompute_dirty(at=app_now() + dt.timedelta(minutes=1))
    page = client.get(detail).content.decode()

    assert "Override: score 41.5, until" in page
    assert "computed " in page
    assert "M&amp;A" in page
    client.post(reverse("scoring:override_end", args=[account.pk]))
    assert "Override: score" not in client.get(detail).content.decode()


def test_what_was_typed_is_kept_and_the_fault_stands_beside_its_field(client, account, member):
    address = reverse("scoring:override_set", args=[account.pk])

    page = client.post(address, {"kind": "band", "reason": "M&A", "expires_at": in_days(12)})

    assert "Choose a band." in page.content.decode()
    assert "M&amp;A" in page.content.decode()
    assert not HealthOverride.objects.exists()
    late = client.post(
        address, {"kind": "band", "band": "at_risk", "reason": "x", "expires_at": in_days(95)}
    )
    assert "at most 90 days ahead" in late.content.decode()


def test_all_faults_of_an_override_are_told_at_once(client, account, member):
    address = reverse("scoring:override_set", args=[account.pk])

    opened = client.get(address).content.decode()
    page = client.post(address, {"kind": "band", "reason": "", "expires_at": in_days(95)})

    assert "optional" not in opened
    assert set(page.context["form"].errors) == {"band", "reason", "expires_at"}


def test_a_score_is_called_wrong_and_that_is_taken_back(client, account, member):
    address = reverse("scoring:feedback_new", args=[account.pk])

    client.post(address, {"direction": "too_low", "reason": "Summer", "metric": "login_days"})
    said = ScoreFeedback.objects.get()
    client.post(reverse("scoring:feedback_retract", args=[said.pk]))

    assert (said.metric, said.author) == ("login_days", member)
    said.refresh_from_db()
    assert said.retracted_at is not None


def test_nobody_takes_back_what_another_said(client, account, member):
    client.post(
        reverse("scoring:feedback_new", args=[account.pk]), {"direction": "too_low", "reason": "x"}
    )
    client.force_login(make_user(team=account.team))

    answer = client.post(reverse("scoring:feedback_retract", args=[ScoreFeedback.objects.get().pk]))

    assert answer.status_code == 404


def test_its_author_says_whether_it_was_right(client, account, member):
    over = make_override(
        account=account,
        author=member,
        starts_at=app_now() - dt.timedelta(days=9),
        expires_at=app_now() - dt.timedelta(days=1),
    )

    client.post(reverse("scoring:override_review", args=[over.pk]), {"verdict": "wrong"})

    over.refresh_from_db()
    assert (over.verdict, over.reviewed_by) == ("wrong", member)


def test_a_viewer_is_offered_nothing(client, account):
    client.force_login(make_user(team=account.team, role="viewer"))

    page = client.get(reverse("accounts:detail", args=[account.pk])).content.decode()

    assert "This score is wrong" not in page
    assert client.get(reverse("scoring:override_set", args=[account.pk])).status_code == 403
