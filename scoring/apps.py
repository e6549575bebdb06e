from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from config.lib.registry import discover


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = _("Health scores")

    def ready(self) -> None:
        discover("scoring.metrics")
