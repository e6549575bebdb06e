"""What holds for every trigger and every action, tested before their authors write a line."""

import importlib
import pkgutil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import playbooks.actions
import playbooks.triggers
from accounts.models import Account
from playbooks.registry import BadParams, actions, make_trigger, triggers
from tests.factories import make_account
from tests.playbooks.factories import NOON, make_transition

#: A member whose parameters are not all optional names working ones here.
PARAMS = {"health_band_entered": {"bands": ["at_risk", "critical"]}}


def modules_of(package):
    return {module.name for module in pkgutil.iter_modules(package.__path__)}


def test_keys_are_file_names():
    assert set(triggers) == modules_of(playbooks.triggers)
    assert set(actions) == modules_of(playbooks.actions)


@pytest.mark.parametrize("key", list(triggers))
def test_every_plug_in_has_its_test(key):
    assert importlib.util.find_spec(f"tests.playbooks.triggers.test_{key}")


def test_labels_are_unique():
    for registry in (triggers, actions):
        labels = [str(member.label) for member in registry.members()]
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("key", list(triggers))
def test_a_trigger_asks_once_however_many_accounts_and_answers_the_same_again(key, db):
    trigger = make_trigger(key, PARAMS.get(key, {}))
    for _ in range(7):
        make_transition(account=make_account())

    with CaptureQueriesContext(connection) as queries:
        first = trigger.episodes(Account.objects.all(), since=None, until=NOON)

    assert len(queries) <= 1
    assert first == trigger.episodes(Account.objects.all(), since=None, until=NOON)
    assert len({(e.account_id, e.key) for e in first}) == len(first)
    assert all(len(e.key) <= 120 for e in first)


@pytest.mark.parametrize("key", list(triggers))
def test_a_trigger_says_itself_in_words(key):
    assert make_trigger(key, PARAMS.get(key, {})).in_words()


@pytest.mark.parametrize("key", list(triggers))
def test_a_trigger_refuses_unknown_parameters(key):
    with pytest.raises(BadParams):
        make_trigger(key, {**PARAMS.get(key, {}), "no_such_parameter": 1})


@pytest.mark.parametrize("key", list(actions))
def test_an_action_refuses_unknown_parameters(key):
    with pytest.raises(BadParams):
        actions.get(key).check({"no_such_parameter": 1})
