import sys

from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from config.lib.registry import discover

ROOMS = ("fields", "panels", "timeline", "lists", "history", "personal_data", "merge", "importers")


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Customers and people")

    def ready(self) -> None:
        """Find what every app adds to the customer record, and the kinds of files it takes in."""
        autodiscover_modules(*ROOMS)
        rooms = [f"{app.name}.{room}" for app in apps.get_app_configs() for room in ROOMS]
        for room in rooms:
            if hasattr(sys.modules.get(room), "__path__"):
                discover(room)
