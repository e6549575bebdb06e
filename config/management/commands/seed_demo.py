"""`manage.py seed_demo`: a believable organisation with two years of history, always the same."""

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Account
from config.demo.seed import seed
from config.demo.staff import PASSWORD, logins


class Command(BaseCommand):
    help = "Fill an empty installation with the demo organisation."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--accounts", type=int, default=300, help="how many accounts (300)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same demo (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"] < 1:
            raise CommandError("--accounts must be at least 1.")
        if Account.objects.exists():
            raise CommandError("There are accounts already: the demo needs an empty database.")
        started = time.monotonic()
        seed(accounts=options["accounts"], seed_number=options["seed"], say=self._say)
        self.stdout.write(f"Demo ready after {time.monotonic() - started:.0f} s. Logins:")
        for role, login in logins():
            self.stdout.write(f"  {role:<16} {login:<8} {PASSWORD}")

    def _say(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()
