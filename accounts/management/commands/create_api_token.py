"""`create_api_token USERNAME`: let a program act for a colleague; the token is shown this once."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from accounts.choices import TokenScope
from accounts.models import User
from accounts.services.tokens import BadLifetime, create_api_token
from config.lib.clock import app_now


class Command(BaseCommand):
    help = "Print a new API token of a user. It is stored as a hash and never shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="user name or mail address of its owner")
        parser.add_argument(
            "--scope",
            action="append",
            choices=TokenScope.values,
            help="what it may do (may be given several times; read unless given)",
        )
        parser.add_argument("--days", type=int, default=90, help="how long it lives (90)")
        parser.add_argument("--name", default="create_api_token", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = create_api_token(
                user=_user(options["username"]),
                name=options["name"],
                scopes=options["scope"] or [TokenScope.READ],
                lifetime=dt.timedelta(days=options["days"]),
                at=app_now(),
            )
        except BadLifetime as problem:
            raise CommandError(str(problem.title)) from problem
        self.stdout.write(token.text)


def _user(name: str) -> User:
    try:
        user: User = User.objects.get(Q(username=name) | Q(email=name.casefold()), is_active=True)
    except User.DoesNotExist:
        raise CommandError(f"There is no active user {name!r}.") from None
    return user
