"""`seniority-levels`: everybody reads which words stand for which level, administrators say it."""

from collections.abc import Sequence
from typing import Any

from accounts.api.keyed import OriginalMixin
from accounts.api.serializers.seniority import SeniorityLevelSerializer
from accounts.models import SeniorityWords
from accounts.selectors.seniority import TitleLevel, shipped_words, title_levels
from accounts.services.seniority import write_seniority


class SeniorityLevelViewSet(OriginalMixin):
    """The levels that titles of contacts stand for, from the top down, each with its words."""

    queryset = SeniorityWords.objects.all()
    serializer_class = SeniorityLevelSerializer

    def rows(self) -> Sequence[TitleLevel]:
        return title_levels()

    def change(self, row: TitleLevel, data: dict[str, Any]) -> None:
        write_seniority(words={row.key: data["words"]}, by=self.me)

    def restore(self, row: TitleLevel) -> None:
        write_seniority(words={row.key: shipped_words(row.key)}, by=self.me)
