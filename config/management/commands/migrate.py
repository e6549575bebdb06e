"""`migrate` as the owner of the tables, and the rights of the logins that serve after it."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as CoreMigrate
from django.db import connections

from config.database.grants import apply_grants


class Command(CoreMigrate):
    def execute(self, *args: Any, **options: Any) -> str | None:
        """Become the owner before the system checks, which already look at the database."""
        connection = connections[options["database"]]
        connection.close()
        for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
            connection.settings_dict[key] = settings.DATABASE_OWNER.get(key, "")
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not options["plan"]:
            apply_grants(using=options["database"])
