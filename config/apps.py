from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from config.field_names import name_fields


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Yorisoi"

    def ready(self) -> None:
        autodiscover_modules("checks", "navigation", "tasks")
        name_fields()
