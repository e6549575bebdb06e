import pytest
from django.urls import reverse

from accounts.models import AccessPolicy
from scoring.models import AlertRule, HealthAlert, HealthCurrent
from tests.factories import make_account, make_account_role, make_team, make_user
from tests.scoring.factories import (
    make_alert,
    make_override,
    make_scorecard_draft,
    make_scored_account,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = make_scored_account(team=make_team(), name_latin="Yukiakari Sake")
    HealthCurrent.objects.create(account=account, score=55.3, computed=55.3, band="at_risk")
    return account


@pytest.fixture
def alert(account):
    return make_alert(account=account)


@pytest.fixture
def member(client, account):
    user = make_user(team=account.team)
    client.force_login(user)
    return user


def shown(client, **query):
    return client.get(reverse("scoring:alerts"), query).content.decode()


def test_the_list_says_why_since_when_and_for_whom(client, alert, member):
    page = shown(client)

    assert "Yukiakari Sake" in page
    assert "86 → 55 since 20 May" in page
    assert "Health is low" in page
    assert "No alert fits" in shown(client, kind="decline")
    assert "No alert fits" in shown(client, mine="1")


def test_only_accounts_one_holds_where_asked(client, alert, member):
    make_account_role(account=alert.account, user=member)

    assert "Yukiakari Sake" in shown(client, mine="1")


def test_an_alert_moves_between_the_states(client, alert, member):
    client.post(
        reverse("scoring:alert_false", args=[alert.pk]), {"reason": "They close each summer"}
    )

    assert "Yukiakari Sake" not in shown(client)
    assert "They close each summer" in shown(client, state="false")
    client.post(reverse("scoring:alert_true", args=[alert.pk]))
    client.post(reverse("scoring:alert_acknowledge", args=[alert.pk]))
    assert "Acknowledged by" in shown(client)
    client.post(reverse("scoring:alert_unacknowledge", args=[alert.pk]))
    client.post(reverse("scoring:alert_snooze", args=[alert.pk]), {"until": "2020-01-01"})
    assert "Yukiakari Sake" in shown(client)


def test_without_a_reason_nothing_is_called_false(client, alert, member):
    page = client.post(reverse("scoring:alert_false", args=[alert.pk]), {"reason": ""})

    assert page.status_code == 200
    assert HealthAlert.objects.get().false_at is None
    refused = client.post(
        reverse("scoring:alert_bulk"), {"alert": [alert.pk], "action": "false_alarm"}
    )
    assert refused.status_code == 400
    assert "Say why it is a false alarm." in refused.content.decode()


def test_many_are_acknowledged_at_once_but_only_ones_own(client, alert, member):
    foreign = make_alert(account=make_account())

    client.post(
        reverse("scoring:alert_bulk"),
        {"alert": [alert.pk, foreign.pk, "x"], "action": "acknowledge"},
    )

    acknowledged = HealthAlert.objects.filter(acknowledged_by=member)
    assert list(acknowledged) == [alert]


def test_the_account_page_shows_what_holds_and_why_it_was_false(client, alert, member):
    address = reverse("accounts:detail", args=[alert.account_id])

    assert "86 → 55 since 20 May" in client.get(address).content.decode()
    client.post(reverse("scoring:alert_false", args=[alert.pk]), {"reason": "Summer"})
    assert "False alarm, " in client.get(address).content.decode()


def test_my_day_tells_the_alerts_of_accounts_one_holds(client, alert, member):
    make_account_role(account=alert.account, user=member)

    page = client.get(reverse("playbooks:my_day")).content.decode()

    assert "Accounts that moved" in page
    assert "86 → 55 since 20 May" in page
    assert "1 open alert on your accounts" in page


def test_the_quality_page_counts(client, alert, member):
    page = client.get(reverse("scoring:alert_quality"), {"days": "365"}).content.decode()

    assert "How often are we right?" in page


def test_managers_keep_the_rules_and_faults_stand_beside_the_field(client, account):
    client.force_login(make_user(team=account.team, role="manager"))
    address = reverse("scoring:alert_rule", args=["decline"])
    values = {"is_active": "on", "threshold": "8", "cool_down_days": "14"}

    client.post(address, values)
    low = client.post(address, values | {"threshold": "2"})

    assert AlertRule.objects.get(kind="decline").threshold == 8
    assert "y-wrong" in low.content.decode()
    assert "8 points or more" in client.get(reverse("scoring:alert_rules")).content.decode()


def test_members_read_the_rules_and_do_not_change_them(client, member):
    assert client.get(reverse("scoring:alert_rules")).status_code == 200
    assert client.get(reverse("scoring:alert_rule", args=["decline"])).status_code == 403


def test_that_nobody_talked_is_told_to_readers_of_talks_only(client, account, alert, member):
    make_alert(account=account, kind="talk_silence")
    assert shown(client).count("data-row") == 2

    AccessPolicy.objects.create(
        role="member", kind="touchpoint", read_scope="none", write_scope="none"
    )

    assert shown(client).count("data-row") == 1
    assert list(HealthAlert.objects.visible_to(type(member).objects.get())) == [alert]


def test_the_quality_page_calls_scorecards_by_name(client, alert, member):
    card = make_scorecard_draft().scorecard
    HealthAlert.objects.filter(pk=alert.pk).update(version=card.versions.get())

    page = client.get(reverse("scoring:alert_quality"), {"days": "365"}).content.decode()

    assert card.name_en in page
    assert f">{card.key}<" not in page


@pytest.mark.parametrize(
    ("key", "head"), [("alert-log", "発生日時"), ("overrides", "補正の終了日")]
)
def test_heads_of_the_lists_say_in_japanese_what_the_day_is(client, alert, member, key, head):
    type(member).objects.filter(pk=member.pk).update(language="ja")
    make_override(account=alert.account)
    HealthAlert.objects.filter(pk=alert.pk).update(score=55.3456)

    page = client.get(reverse("accounts:record_list", kwargs={"key": key})).content.decode()

    assert head in page
    assert "55.346" not in page
