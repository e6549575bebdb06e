"""One of everything for a program that explores the API; run inside the installation."""

import json

from django.db import transaction

from accounts.choices import TokenScope, UserRole
from accounts.models import User
from accounts.services.tokens import create_api_token
from config.lib.clock import app_now
from tests.factories import make_account, make_organisation, make_team, make_user
from tests.route_records import HOUSE, RECORDS

SEVERAL = 3


@transaction.atomic
def found() -> None:
    """Make some of everything, and an administrator with a token; print the token."""
    at = app_now()
    make_organisation()
    team = make_team(name="East")
    boss = make_user(team=team, role=UserRole.ADMINISTRATOR, username="boss@harukaze.example")
    # Whoever explores may send any person away, but never the last administrator.
    for _ in range(SEVERAL):
        account = make_account(team=team, tier="a", phase="adoption")
        for make_record in RECORDS.values():
            make_record(account)
    for make in HOUSE.values():
        make()
    others = User.objects.exclude(pk=boss.pk).filter(role=UserRole.ADMINISTRATOR)
    others.update(role=UserRole.MANAGER)
    token = create_api_token(user=boss, name="explorer", scopes=[TokenScope.ADMIN], at=at)
    print(json.dumps({"token": token.text, "team": team.pk}))  # noqa: T201
