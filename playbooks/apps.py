from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from config.lib.registry import discover


class PlaybooksConfig(AppConfig):
    name = "playbooks"
    verbose_name = _("Playbooks")

    def ready(self) -> None:
        discover("playbooks.triggers")
        discover("playbooks.actions")
