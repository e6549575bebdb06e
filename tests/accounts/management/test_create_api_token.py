import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from accounts.services.tokens import authenticate_token
from config.lib.clock import app_now
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def new_token(*words: str) -> str:
    out = io.StringIO()
    call_command("create_api_token", *words, stdout=out)
    return out.getvalue().strip()


def test_the_printed_token_opens_the_api_for_its_owner_with_its_scopes() -> None:
    user = make_user()
    text = new_token(user.email.upper(), "--scope", "write", "--days", "3")
    row = authenticate_token(text=text, at=app_now())
    assert (row.user, row.scopes) == (user, ["write"])
    assert row.expires_at - row.created_at == dt.timedelta(days=3)


def test_a_token_only_reads_unless_told_otherwise() -> None:
    text = new_token(make_user().username)
    assert authenticate_token(text=text, at=app_now()).scopes == ["read"]


@pytest.mark.parametrize(
    ("words", "said"),
    [(["nobody"], "no active user 'nobody'"), (["alice", "--days", "0"], "lives from one day")],
)
def test_what_is_wrong_is_said_in_a_sentence(words: list[str], said: str) -> None:
    make_user(username="alice")
    with pytest.raises(CommandError, match=said):
        new_token(*words)
