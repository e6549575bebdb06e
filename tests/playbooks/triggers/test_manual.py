import pytest

from accounts.models import Account
from playbooks.registry import make_trigger
from tests.factories import make_account
from tests.playbooks.factories import NOON, make_transition


@pytest.mark.django_db
def test_nothing_begins_by_itself():
    make_transition(account=make_account())

    assert make_trigger("manual", {}).episodes(Account.objects.all(), since=None, until=NOON) == []
