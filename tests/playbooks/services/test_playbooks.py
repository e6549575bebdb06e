import pytest
from django.db import DatabaseError

from playbooks.models import Playbook, PlaybookVersion
from playbooks.services import playbooks
from playbooks.services.playbooks import (
    BadPlaybook,
    check_definition,
    install_starter_playbooks,
    publish_version,
    switch_playbook,
    tend_starter_playbooks,
)
from tests.factories import make_user
from tests.playbooks.factories import NOON, ONE_DAY, make_definition, make_playbook, make_step

pytestmark = pytest.mark.django_db


def errors_of(definition):
    with pytest.raises(BadPlaybook) as caught:
        check_definition(definition)
    return [error.pointer for error in caught.value.errors]


def test_shipped_playbooks_arrive_switched_off_in_both_languages():
    install_starter_playbooks(at=NOON)

    playbook = Playbook.objects.get(key="at_risk_review")
    assert not playbook.is_active
    assert (playbook.name_en, playbook.name_ja) == ("At-risk review", "リスク対応")
    first = playbook.versions.get().read().steps[0]
    assert (first.offset, first.role) == (0, "account_manager")


def test_a_new_organisation_finds_them_once_a_day():
    assert tend_starter_playbooks(at=NOON) == Playbook.objects.count() > 0
    assert tend_starter_playbooks(at=NOON) == 0
    assert tend_starter_playbooks(at=NOON + ONE_DAY) > 0


def test_installing_again_changes_nothing():
    install_starter_playbooks(at=NOON)
    install_starter_playbooks(at=NOON + ONE_DAY)

    assert PlaybookVersion.objects.count() == Playbook.objects.count()


SHIPPED = """
key = "call"
name = {{ en = "Call", ja = "電話" }}
cool_down_days = {cool_down}
trigger = {{ key = "health_band_entered", params = {{ bands = ["critical"] }} }}
[[steps]]
key = "call"
offset = 0
role = "account_manager"
title = {{ en = "Call", ja = "電話する" }}
"""


@pytest.fixture
def ship(tmp_path, monkeypatch):
    """Install a playbook that ships with this cool-down."""
    monkeypatch.setattr(playbooks, "STARTER", tmp_path)

    def install(*, cool_down):
        (tmp_path / "call.toml").write_text(SHIPPED.format(cool_down=cool_down), "utf-8")
        return install_starter_playbooks(at=NOON)[0]

    return install


def test_an_upgrade_brings_an_unedited_playbook_up_to_date(ship):
    ship(cool_down=10)
    playbook = ship(cool_down=20)
    ship(cool_down=20)

    newest = PlaybookVersion.objects.current().get()
    assert (newest.number, newest.read().cool_down_days) == (2, 20)
    assert playbook.versions.count() == 2


def test_an_upgrade_never_overwrites_an_edited_playbook(ship):
    playbook = ship(cool_down=10)
    publish_version(
        playbook=playbook, definition=make_definition(cool_down_days=5), at=NOON, by=make_user()
    )

    ship(cool_down=20)

    assert PlaybookVersion.objects.current().get().read().cool_down_days == 5


def test_switching_on_starts_the_clock_and_switching_off_keeps_it():
    playbook = make_playbook(is_active=False, active_since=None)

    switch_playbook(playbook=playbook, is_active=True, at=NOON)
    switch_playbook(playbook=playbook, is_active=True, at=NOON + ONE_DAY)
    playbook.refresh_from_db()
    assert playbook.active_since == NOON

    switch_playbook(playbook=playbook, is_active=False, at=NOON + ONE_DAY)
    playbook.refresh_from_db()
    assert not playbook.is_active


def test_the_database_refuses_to_change_a_published_version():
    version = make_playbook().versions.get()
    version.definition = make_definition(cool_down_days=1)

    with pytest.raises(DatabaseError):
        version.save()


@pytest.mark.parametrize(
    ("definition", "pointers"),
    [
        (make_definition(trigger={"key": "full_moon"}), ["/trigger/key"]),
        (
            make_definition(trigger={"key": "health_band_entered", "params": {"bands": []}}),
            ["/trigger/params"],
        ),
        (make_definition(trigger={"key": "health_band_entered"}), ["/trigger/params"]),
        (
            make_definition(exit={"trigger": {"key": "x"}, "outcome": "recovered"}),
            ["/exit/trigger/key"],
        ),
        (make_definition(steps=[make_step(action={"key": "fly"})]), ["/steps/0/action/key"]),
        (
            make_definition(steps=[make_step(action={"key": "create_task", "params": {"a": 1}})]),
            ["/steps/0/action/params"],
        ),
        (make_definition(steps=[make_step(after=["read"])]), ["/steps/0/after"]),
    ],
)
def test_what_can_not_be_followed_is_refused_with_its_place(definition, pointers):
    assert errors_of(definition) == pointers
