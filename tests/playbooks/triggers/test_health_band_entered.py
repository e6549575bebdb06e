import datetime as dt
from itertools import pairwise

import pytest

from accounts.models import Account
from playbooks.registry import BadParams
from playbooks.triggers.health_band_entered import HealthBandEntered
from scoring.models import HealthTransition
from tests.factories import make_account
from tests.playbooks.factories import NOON, ONE_DAY, make_transition

FALL = HealthBandEntered(bands=("at_risk", "critical"))


def begun(trigger=FALL, *, since=None, until=NOON + 100 * ONE_DAY):
    return trigger.episodes(Account.objects.all(), since=since, until=until)


def walk(account, *bands, step=ONE_DAY):
    """Lead an account through bands, a day each, from the first one on."""
    rows = []
    for day, (before, band) in enumerate(pairwise(bands)):
        rows.append(
            make_transition(account=account, from_band=before, to=band, at=NOON + day * step)
        )
    return rows


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bands", "entered_on_days"),
    [
        (["steady", "at_risk"], [0]),
        (["steady", "critical", "at_risk"], [0]),
        (["steady", "at_risk", "steady", "at_risk"], [0, 2]),
        (["expansion", "steady"], []),
        (["not_enough_data", "at_risk"], [0]),
        (["at_risk", "critical"], []),
        (["at_risk", "not_enough_data", "at_risk"], [1]),
    ],
)
def test_an_episode_begins_where_the_bands_are_entered_from_outside(bands, entered_on_days):
    rows = walk(make_account(), *bands)

    assert [(e.key, e.at) for e in begun()] == [
        (f"transition:{rows[day].pk}", NOON + day * ONE_DAY) for day in entered_on_days
    ]


@pytest.mark.django_db
def test_the_same_fall_told_twice_is_one_episode():
    account = make_account()
    make_transition(account=account, kind="provisional", at=NOON)
    make_transition(account=account, kind="official", at=NOON + dt.timedelta(hours=12))

    assert len(begun()) == 1


@pytest.mark.django_db
def test_the_window_shifts_nothing_but_what_is_reported():
    walk(make_account(), "steady", "at_risk", "critical", "steady", "at_risk")

    assert [e.at for e in begun(since=NOON)] == [NOON + 3 * ONE_DAY]
    assert [e.at for e in begun(until=NOON)] == [NOON]


@pytest.mark.django_db
def test_accounts_do_not_mix():
    walk(make_account(), "steady", "at_risk")
    walk(make_account(), "steady", "at_risk")

    assert len({e.account_id for e in begun()}) == 2
    assert HealthTransition.objects.count() == 2


@pytest.mark.parametrize("bands", [[], ["green"], ["at_risk", ""]])
def test_unknown_or_no_bands_are_refused(bands):
    with pytest.raises(BadParams):
        HealthBandEntered(bands=bands)


def test_it_says_its_condition_in_words():
    assert FALL.in_words() == "Health enters At risk or Critical"
