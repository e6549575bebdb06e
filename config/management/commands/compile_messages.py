"""`manage.py compile_messages`: make the Japanese catalogue readable for gettext."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import catalogue


class Command(BaseCommand):
    """Compile the catalogue and its parts; needs no tools but Python."""

    help = "Compiles locale/ja/LC_MESSAGES/django.po and locale/parts/*.po."

    def handle(self, *args: Any, **options: Any) -> None:
        path = catalogue.compile_catalogue(settings.BASE_DIR)
        self.stdout.write(f"Compiled {path.relative_to(settings.BASE_DIR)}")
