import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessPolicy
from config.lib import formats
from config.lib.clock import app_now
from scoring.domain.bands import AT_RISK
from scoring.models import HealthCurrent
from scoring.panels import HealthParts, HealthStrip
from scoring.selectors.explanations import explain_change, explain_current, explain_day
from scoring.selectors.histories import Newest, course_of
from scoring.services.runs import recompute_health
from tests.factories import make_contact, make_team, make_touchpoint, make_user
from tests.scoring.factories import (
    DAY,
    ONE_DAY,
    close_day,
    install_scorecards,
    last_days,
    make_invoice,
    make_live_source,
    make_override,
    make_paid_invoice,
    make_role,
    make_scored_account,
    make_talk,
    make_usage,
    noon,
    slot_after,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    install_scorecards()
    team = make_team()
    account = make_scored_account(team=team, name_latin="Aomine Seiki")
    make_live_source(account=account, days=60)
    make_usage(account=account, days=last_days(80, until=DAY - 25 * ONE_DAY), users=8, events=4)
    make_usage(account=account, days=last_days(25), users=3)
    talked_at = noon(DAY - 50 * ONE_DAY)
    make_touchpoint(account=account, occurred_at=talked_at, recorded_at=talked_at)
    make_paid_invoice(account)
    close_day(DAY - 48 * ONE_DAY, account)
    close_day(DAY, account)
    return account


def test_the_account_page_shows_the_number_and_its_parts(client, account):
    client.force_login(make_user(team=account.team))

    page = client.get(reverse("accounts:detail", args=[account.pk])).content.decode()

    assert "What makes the score" in page
    assert "y-fall" in page
    assert "Active ÷ licensed users, 28 days" in page
    assert "since 2 May" in page
    assert "Account NPS: nothing to measure" in page


def test_the_change_on_the_page_is_the_whole_change(account):
    before = explain_day(account_id=account.pk, day=DAY - 48 * ONE_DAY)
    after = explain_current(account_id=account.pk)

    change = explain_change(before=before, after=after)

    assert after.score < before.score
    assert change.difference.total + change.scorecard == pytest.approx(
        after.score - before.score, abs=1e-9
    )


def test_the_strip_and_the_parts_name_the_same_change(account):
    user = make_user(team=account.team)

    strip = HealthStrip().context(account=account, user=user, at=noon(DAY))
    parts = HealthParts().context(account=account, user=user, at=noon(DAY))

    bars = parts["change_fall"].bars
    assert strip["change"] == pytest.approx(bars[-1].score - bars[0].score)


def test_a_band_that_the_recovery_rule_keeps_says_until_when(client, account):
    HealthCurrent.objects.filter(account=account).update(
        score=68.3, state=AT_RISK, band="at_risk", let_go=65
    )
    client.force_login(make_user(team=account.team))

    page = client.get(reverse("accounts:detail", args=[account.pk])).content.decode()

    assert "kept until the score reaches 65 on two days in a row" in page


def facts_of(client):
    rows = client.get(reverse("accounts:list")).context["rows"]
    return {account.pk: str(fact) for account, _, fact in rows}


@pytest.fixture
def gated():
    install_scorecards()
    account = make_scored_account(team=make_team())
    make_live_source(account=account, days=60)
    make_usage(account=account, days=last_days(80), users=9, events=9)
    make_talk(account, DAY - 5 * ONE_DAY)
    make_paid_invoice(account)
    make_invoice(account=account, due=DAY - 70 * ONE_DAY)
    close_day(DAY, account)
    return account


def test_a_gate_that_binds_is_named_on_the_page_with_what_it_reads(client, gated):
    client.force_login(make_user(team=gated.team))

    strip = HealthStrip().context(account=gated, user=make_user(team=gated.team), at=noon(DAY))
    page = client.get(reverse("accounts:detail", args=[gated.pk])).content.decode()

    assert strip["gate"]["without"] > strip["health"].score == 39
    assert "Gate: Invoice more than 60 days late" in page
    assert strip["gate"]["reads"] == "70 d"
    assert "reading 70 d" in page


def test_the_list_says_under_the_name_which_gate_binds(client, gated):
    client.force_login(make_user(team=gated.team))

    assert facts_of(client)[gated.pk] == "Gate: Invoice more than 60 days late"


def test_the_list_says_that_the_recovery_rule_keeps_a_band(client, account):
    HealthCurrent.objects.update(score=68.3, state=AT_RISK, band="at_risk", let_go=65)
    client.force_login(make_user(team=account.team))

    said = "Band kept until the score reaches 65 on two days in a row"
    assert facts_of(client)[account.pk] == said


def test_an_override_is_told_before_a_gate_and_before_a_lost_champion(client, gated):
    make_role(make_contact(account=gated, state="left"), "champion", ends_on=DAY)
    until = app_now() + 12 * ONE_DAY
    override = make_override(account=gated, expires_at=until)
    client.force_login(make_user(team=gated.team))

    day = formats.day_short(timezone.localdate(until), timezone.localdate(app_now()))
    assert facts_of(client)[gated.pk] == f"Override until {day}"
    HealthCurrent.objects.update(score=75, computed=39)
    assert facts_of(client)[gated.pk] == f"Override until {day}, computed 39"
    override.delete()
    assert facts_of(client)[gated.pk].startswith("Gate:")


def test_a_list_of_held_down_accounts_asks_as_much_for_seven_as_for_one(client, gated):
    client.force_login(make_user(team=gated.team))
    client.get(reverse("accounts:list"))
    counts = []
    for more in (0, 6):
        for _ in range(more):
            make_scored_account(team=gated.team)
        recompute_health(at=slot_after(DAY))
        version = HealthCurrent.objects.get(account=gated).version_id
        HealthCurrent.objects.update(gate=0, version=version)
        with CaptureQueriesContext(connection) as queries:
            assert len(facts_of(client)) == 1 + more
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_who_may_not_see_health_sees_no_panel(client, account):
    AccessPolicy.objects.create(role="member", kind="health", read_scope="none", write_scope="none")
    client.force_login(make_user(team=account.team))

    page = client.get(reverse("accounts:detail", args=[account.pk])).content.decode()

    assert "What makes the score" not in page
    assert "Coverage, confidence" not in page


def test_an_account_never_computed_says_so(client):
    team = make_team()
    account = make_scored_account(team=team)
    client.force_login(make_user(team=team))

    page = client.get(reverse("accounts:detail", args=[account.pk])).content.decode()

    assert "Not computed yet" in page


def test_the_list_shows_and_sorts_health(client, account):
    make_scored_account(team=account.team)
    client.force_login(make_user(team=account.team))

    page = client.get(reverse("accounts:list"), {"sort": "health.score"}).content.decode()
    filtered = client.get(reverse("accounts:list"), {"health.band": "expansion"}).content.decode()

    assert account.name_latin in page
    assert account.name_latin not in filtered


@pytest.mark.parametrize("order", ["health.score", "-health.score"])
def test_who_has_no_score_stands_last_however_scores_are_sorted(client, order):
    team = make_team()
    scored = [make_scored_account(team=team) for _ in range(2)]
    unscored = make_scored_account(team=team)
    for account, score in zip(scored, (20, 90), strict=True):
        HealthCurrent.objects.create(account=account, day=DAY, score=score, band="steady")
    HealthCurrent.objects.create(account=unscored, day=DAY, score=None)
    client.force_login(make_user(team=team))

    rows = client.get(reverse("accounts:list"), {"sort": order}).context["rows"]

    ranked = scored if order == "health.score" else scored[::-1]
    assert [account.pk for account, *_ in rows] == [one.pk for one in [*ranked, unscored]]


def test_the_history_tells_changes_of_band(client, account):
    client.force_login(make_user(team=account.team))

    page = client.get(reverse("accounts:detail", args=[account.pk]), {"only": "health"})

    assert "Health: Not enough data →" in page.content.decode()


def test_the_line_goes_on_over_days_never_computed_and_breaks_where_data_was_short(account):
    newest = Newest(DAY, 60.0, 60.0, None)
    line = course_of(account_id=account.pk, newest=newest).line

    assert line[:42] == [None] * 42
    assert None not in line[42:]
    assert len(set(line[42:])) == 2


def test_the_page_of_an_account_with_a_history_of_health_asks_few_questions(client, account):
    client.force_login(make_user(team=account.team))
    address = reverse("accounts:detail", args=[account.pk])
    client.get(address)

    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    assert len(asked) <= 43, [query["sql"][:120] for query in asked]
