from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from config.lib.registry import discover


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Customers and people")

    def ready(self) -> None:
        """Find what every app adds to the customer record, and the kinds of files it takes in."""
        autodiscover_modules("fields", "panels", "timeline", "personal_data", "merge")
        for package in ("accounts.fields", "accounts.panels", "accounts.importers"):
            discover(package)
