"""`create_write_key NAME`: let one more system send events; its key is shown this once."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Team
from scoring.choices import TraitField
from scoring.services.write_keys import create_write_key


class Command(BaseCommand):
    help = (
        "Print a new write key for event ingestion. It is stored as a hash and never shown again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the system that will send events")
        parser.add_argument(
            "--creates-accounts", metavar="TEAM", help="make unknown accounts, for this team"
        )
        parser.add_argument(
            "--trait",
            action="append",
            default=[],
            choices=TraitField.values,
            help="a field that traits may change (may be given several times)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            _, secret = create_write_key(
                name=options["name"],
                creates_accounts=options["creates_accounts"] is not None,
                team=_team(options["creates_accounts"]),
                allowed_traits=options["trait"],
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(secret)


def _team(name: str | None) -> Team | None:
    if name is None:
        return None
    try:
        return Team.objects.get(name=name)
    except Team.DoesNotExist:
        raise CommandError(f"There is no team {name!r}.") from None
    except Team.MultipleObjectsReturned:
        raise CommandError(f"Several teams are called {name!r}.") from None
