from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Customers and people")

    def ready(self) -> None:
        """Find what every app adds to the pages of the customer record."""
        autodiscover_modules("fields", "panels", "timeline", "personal_data", "merge")
