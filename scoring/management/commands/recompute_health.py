"""`recompute_health`: compute health in this process, now or as it was at an instant."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from accounts.models import Account, Organisation
from config.lib.clock import app_now
from scoring.services.runs import recompute_health


class Command(BaseCommand):
    help = (
        "Recompute health in this process: now, or at an instant. A midnight of the organisation"
        " is the official run of the day before. The last line is JSON:"
        ' {"accounts", "seconds", "transitions"}.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", metavar="ISO", help="instant, such as 2026-06-20T00:00:00+09:00"
        )
        parser.add_argument(
            "--account",
            metavar="EXTERNAL_ID",
            nargs="+",
            action="extend",
            help="only these accounts; may be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = _instant(options["at"]) if options["at"] else app_now()
        outcome = recompute_health(at=at, account_ids=_accounts(options["account"]))
        self.stdout.write(
            json.dumps(
                {
                    "accounts": outcome.accounts,
                    "seconds": round(outcome.seconds, 3),
                    "transitions": outcome.transitions,
                }
            )
        )


def _instant(text: str) -> dt.datetime:
    """Read an ISO instant; without an offset it is meant where the organisation is."""
    try:
        at = parse_datetime(text) or dt.datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--at: {text!r} is no ISO instant") from None
    return at if at.tzinfo else at.replace(tzinfo=Organisation.objects.zone())


def _accounts(external_ids: list[str] | None) -> list[int] | None:
    if external_ids is None:
        return None
    found = dict(
        Account.objects.filter(external_id__in=external_ids).values_list("external_id", "pk")
    )
    if missing := sorted(set(external_ids) - set(found)):
        raise CommandError(f"no account with external id {', '.join(missing)}")
    return sorted(found.values())
