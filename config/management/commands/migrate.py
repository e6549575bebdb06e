"""`migrate` as the owner of the tables, and the rights of the logins that serve after it."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as CoreMigrate
from django.db import connections

from config.database.grants import apply_grants


class Command(CoreMigrate):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        connection.close()
        for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS"):
            connection.settings_dict[key] = settings.DATABASE_OWNER.get(key, "")
        super().handle(*args, **options)
        if not options["plan"]:
            apply_grants(using=connection.alias)
