from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from config.lib.registry import discover


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        discover("surveys.kinds")
