import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from scoring.models import WriteKey
from scoring.services.write_keys import find_write_key
from tests.factories import make_team

pytestmark = pytest.mark.django_db


def test_the_key_is_printed_once_and_kept_as_a_hash(capsys):
    call_command("create_write_key", "Product")

    secret = capsys.readouterr().out.strip()
    stored = WriteKey.objects.get()
    assert find_write_key(secret=secret) == stored
    assert secret.startswith(stored.prefix)
    assert secret.encode() not in bytes(stored.digest)


def test_a_key_may_make_accounts_for_a_team_and_set_fields(capsys):
    team = make_team(name="CS East")

    call_command(
        "create_write_key", "Product", "--creates-accounts", "CS East", "--trait", "contact.title"
    )

    stored = WriteKey.objects.get()
    assert (stored.team, stored.creates_accounts) == (team, True)
    assert stored.allowed_traits == ["contact.title"]


def test_an_unknown_team_is_named():
    with pytest.raises(CommandError, match="West"):
        call_command("create_write_key", "Product", "--creates-accounts", "West")
