import io

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from accounts.choices import UserRole
from accounts.models import Account, Contact, Contract, Invoice, Ticket, Touchpoint, User
from accounts.selectors.stakeholder_map import map_of
from config.demo.stories import STORIES
from config.lib.clock import app_now
from playbooks.models import PlaybookRun
from scoring.models import HealthCurrent, HealthDaily, HealthTransition
from scoring.services.ingest.retention import count_strays
from surveys.models import Response
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def test_the_stories_come_out_as_they_are_told_and_playbooks_have_acted(monkeypatch):
    monkeypatch.setattr("config.demo.history.DAILY", 50)
    out = io.StringIO()

    call_command("seed_demo", "--accounts", "1", stdout=out)

    band = dict(HealthCurrent.objects.values_list("account__external_id", "band"))
    assert Account.objects.count() == len(STORIES)
    assert band["cust-aomine"] == "at_risk"
    assert band["cust-helios"] == "expansion"
    assert band["cust-tsunagu_service"] == "critical"
    assert band["cust-tsubame"] == "not_enough_data"
    assert band["cust-mizuha"] == "critical"
    assert count_strays() == 0
    aomine = Account.objects.get(external_id="cust-aomine")
    map_now = map_of(account=aomine, user=User.objects.get(username="miura"), at=app_now())
    talked_to = [person for person in map_now.people if person.is_talked_to]
    assert [person.contact.family_name for person in talked_to] == ["田辺"]
    assert aomine.attributes["plants"] > 0
    assert aomine.attributes["industry"] == "machinery"
    assert aomine.measurements.count() == 12
    orizuru = Account.objects.get(external_id="cust-orizuru")
    assert 0 < orizuru.milestones.filter(done_on=None).count() < orizuru.milestones.count()
    assert not Account.objects.filter(updated_at__lt=F("created_at")).exists()
    in_english = Ticket.objects.filter(account__language="en")
    assert all(subject.isascii() for subject in in_english.values_list("subject", flat=True))
    for model in (Contact, Contract, Invoice, Ticket, Touchpoint, Response, PlaybookRun):
        assert model.objects.exists()
    assert HealthDaily.objects.values("day").distinct().count() > 90
    assert not HealthTransition.objects.filter(acted_at=None).exists()
    assert set(User.objects.values_list("role", flat=True)) == set(UserRole.values)
    assert "Health of past days" in out.getvalue()
    assert "administrator" in out.getvalue()


def test_a_database_with_accounts_is_left_alone():
    make_account()

    with pytest.raises(CommandError, match="empty database"):
        call_command("seed_demo", stdout=io.StringIO())

    assert Account.objects.count() == 1
