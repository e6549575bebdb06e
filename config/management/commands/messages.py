"""`manage.py messages`: collect every text into the Japanese catalogue, or check it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import catalogue


class Command(BaseCommand):
    """Write the catalogue, or with --check fail where it is stale or Japanese is missing."""

    help = "Collects texts into locale/ja/LC_MESSAGES/django.po, with the Japanese of its parts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Change nothing; list faults.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            found = list(catalogue.faults(settings.BASE_DIR))
            if found:
                raise CommandError("\n".join([*found, f"{len(found)} faults in the messages"]))
            self.stdout.write("The messages are complete.")
            return
        texts = catalogue.translated(settings.BASE_DIR)
        path = settings.BASE_DIR / catalogue.CATALOGUE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(catalogue.as_text(texts), encoding="utf-8")
        catalogue.compile_catalogue(settings.BASE_DIR)
        missing = list(catalogue.faults(settings.BASE_DIR))
        self.stdout.write("\n".join([*missing, f"{len(texts)} texts, {len(missing)} faults"]))
