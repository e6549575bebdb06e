"""Nothing starts by itself: somebody launches the playbook for an account."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from playbooks.domain.episodes import Episode
from playbooks.registry import Text, triggers


@triggers.register("manual")
@dataclass(frozen=True)
class Manual:
    """Launched by hand or over the API; other playbooks can be launched like this, too."""

    label: ClassVar[Text] = gettext_lazy("By hand")
    bell: ClassVar[str] = ""

    def episodes(
        self, accounts: QuerySet[Any], *, since: dt.datetime | None, until: dt.datetime
    ) -> list[Episode]:
        """Return nothing, as nothing begins by itself."""
        return []

    def in_words(self) -> str:
        """Say that somebody has to start it."""
        return _("Somebody starts it for an account")
