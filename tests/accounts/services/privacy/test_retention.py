"""What is older than the organisation keeps goes by itself, and nothing else does."""

import datetime as dt

import pytest
from django.db import connection

from accounts.models import (
    AccountEvent,
    Job,
    MailMessage,
    Organisation,
    RetentionRule,
    RetentionRuleEvent,
    Touchpoint,
)
from accounts.registry import retentions
from accounts.services.privacy.retention import (
    BATCH,
    EVERY,
    BadRetention,
    RetentionNotAllowed,
    kept_for,
    purge_expired,
    set_retention,
)
from config.lib.clock import app_now
from scoring.choices import RunKind
from scoring.models import HealthRun
from surveys.models import Response
from tests.factories import make_account, make_organisation, make_touchpoint, make_user
from tests.surveys.factories import make_response

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def organisation(db):
    make_organisation()


@pytest.fixture
def officer():
    return make_user(role="privacy_officer")


def make_mail(*, age: int, **fields) -> MailMessage:
    at = app_now() - age * DAY
    return MailMessage.objects.create(
        key=f"m{age}{fields}",
        account=make_account(),
        to_address="a@b.example",
        language="ja",
        subject="件名",
        body_text="本文",
        created_at=at,
        **{"done_at": at, **fields},
    )


def test_old_texts_of_mails_go_and_the_mail_stays(officer):
    set_retention(days={"mail_bodies": 30}, by=officer)
    old, young, waiting = make_mail(age=31), make_mail(age=29), make_mail(age=40, done_at=None)

    purge_expired(at=app_now())

    for mail in (old, young, waiting):
        mail.refresh_from_db()
    assert (old.body_text, old.subject, old.to_address) == ("", "件名", "a@b.example")
    assert young.body_text == waiting.body_text == "本文"


def test_texts_of_talks_stay_for_ever_until_somebody_decides(officer):
    talk = make_touchpoint(
        account=make_account(), body="ながい話", occurred_at=app_now() - 400 * DAY
    )
    purge_expired(at=app_now())
    assert Touchpoint.objects.get().body == "ながい話"

    set_retention(days={"touchpoint_texts": 365}, by=officer)
    purge_expired(at=app_now() + EVERY)

    talk.refresh_from_db()
    assert (talk.body, talk.subject) == ("", "Call")


def test_old_history_goes_by_the_owner_of_the_tables_only(officer):
    make_account()
    assert AccountEvent.objects.exists()
    later = app_now() + 2 * DAY
    purge_expired(at=later)
    assert AccountEvent.objects.exists()

    set_retention(days={"history": 365}, by=officer)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT accounts_open_history(true)")
        cursor.execute(
            "UPDATE accounts_accountevent SET pgh_created_at = pgh_created_at - interval '1 year'"
        )
        cursor.execute(
            "UPDATE accounts_accountevent SET pgh_created_at = pgh_created_at - interval '2 days'"
        )
        cursor.execute("SELECT accounts_open_history(false)")
        cursor.execute("SET ROLE web")
    make_account(name="若い会社")

    assert retentions.get("history").count(app_now() - 365 * DAY) == 1
    purge_expired(at=later + EVERY)

    assert [event.name for event in AccountEvent.objects.all()] == ["若い会社"]


def test_jobs_and_runs_of_the_day_go_and_official_runs_stay(officer):
    set_retention(days={"jobs": 90, "health_runs": 7}, by=officer)
    old = app_now() - 91 * DAY
    Job.objects.create(kind="import", done_at=old)
    Job.objects.create(kind="import")
    for kind in (RunKind.PROVISIONAL, RunKind.OFFICIAL):
        HealthRun.objects.create(
            kind=kind, day=old.date(), t=old, k=old, engine="1", started_at=old
        )

    purge_expired(at=app_now())

    assert Job.objects.count() == 1
    assert HealthRun.objects.get().kind == RunKind.OFFICIAL


def test_answers_go_when_the_survey_promised():
    at = app_now()
    young = make_response(account=make_account(), answered_at=at - 1000 * DAY)
    make_response(account=make_account(), answered_at=at - 1200 * DAY)

    purge_expired(at=at)

    assert Response.objects.get() == young


def test_a_slot_is_worked_once(officer):
    at = app_now()
    set_retention(days={"mail_bodies": 30}, by=officer)
    make_mail(age=31)
    assert purge_expired(at=at) == 1
    make_mail(age=32)

    assert purge_expired(at=at) == 0
    assert purge_expired(at=at + EVERY) == 1


def test_a_batch_is_all_that_goes_at_once(officer, monkeypatch):
    monkeypatch.setattr("accounts.services.privacy.retention.BATCH", 2)
    set_retention(days={"mail_bodies": 30}, by=officer)
    for age in (31, 32, 33):
        make_mail(age=age)

    assert [purge_expired(at=app_now() + place * EVERY) for place in range(3)] == [2, 1, 0]
    assert BATCH > 2


def test_events_are_kept_by_the_setting_of_the_organisation(officer):
    set_retention(days={"events": 120}, by=officer)

    assert Organisation.objects.get().event_retention_days == 120
    kept = {one.retention.key: one.days for one in kept_for()}
    assert kept["events"] == 120
    assert kept["mail_bodies"] == retentions.get("mail_bodies").days


@pytest.mark.parametrize(
    ("key", "days"), [("mail_bodies", 1), ("history", 10), ("events", None), ("survey_answers", 5)]
)
def test_periods_that_are_too_short_are_refused_by_name(officer, key, days):
    with pytest.raises(BadRetention) as refusal:
        set_retention(days={key: days}, by=officer)

    assert refusal.value.errors[0].pointer == f"/{key}"
    assert not RetentionRule.objects.exists()


def test_only_who_answers_for_privacy_decides_and_the_history_says_who(officer):
    with pytest.raises(RetentionNotAllowed):
        set_retention(days={"jobs": 100}, by=make_user(role="manager"))

    set_retention(days={"jobs": 100}, by=officer)

    assert RetentionRuleEvent.objects.get().pgh_context.metadata["user"] == officer.pk


@pytest.mark.parametrize("key", list(retentions))
def test_every_kind_counts_and_purges_in_few_statements(key, django_assert_max_num_queries):
    one = retentions.get(key)

    with django_assert_max_num_queries(8):
        assert one.count(app_now() - 4000 * DAY) == 0
        assert one.purge(app_now() - 4000 * DAY, 10) == 0


def test_only_the_periods_that_change_are_written(officer):
    every = {one.retention.key: one.days for one in kept_for() if not one.retention.is_promised}
    key = next(one.retention.key for one in kept_for() if not one.retention.setting)
    before = Organisation.objects.values().get()

    set_retention(days={**every, key: 3_000}, by=officer)
    set_retention(days={**every, key: 3_000}, by=officer)

    assert list(RetentionRuleEvent.objects.values_list("key", "days")) == [(key, 3_000)]
    assert Organisation.objects.values().get() == before
