"""Templates for minutes: the shipped ones in the reader's language, and what the team wrote."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from accounts.models import MinutesTemplate
from accounts.selectors.touchpoint_types import type_label
from config.lib.formats import is_japanese

STARTER = Path(__file__).parent.parent / "starter" / "minutes"
TEXTS = ("name", "purpose", "body", "decisions")
LAST_PLACE = 1000


@dataclass(frozen=True)
class Template:
    """Headings to start minutes from; `is_own` says whether the team wrote or changed it."""

    key: str
    type: str
    name: str
    purpose: str
    body: str
    decisions: str
    place: int = LAST_PLACE
    is_shipped: bool = False
    is_own: bool = False
    is_hidden: bool = False

    @property
    def type_label(self) -> str:
        """Return the type of talk it is for, in words."""
        return type_label(self.type)


def minutes_templates() -> list[Template]:
    """Return every template, also hidden ones: the shipped in their order, then the team's own."""
    shipped = {template.key: template for template in shipped_minutes()}
    found = dict(shipped)
    for row in MinutesTemplate.objects.order_by("name", "pk"):
        known = shipped.get(row.key)
        found[row.key] = Template(
            row.key,
            row.type,
            row.name,
            row.purpose,
            row.body,
            row.decisions,
            place=known.place if known else LAST_PLACE,
            is_shipped=known is not None,
            is_own=True,
            is_hidden=row.is_hidden,
        )
    return sorted(found.values(), key=lambda template: (template.place, template.name))


def offered_minutes(*, talk: str = "") -> list[Template]:
    """Return the templates in use, those for one type of talk first."""
    used = [template for template in minutes_templates() if not template.is_hidden]
    return sorted(used, key=lambda template: template.type != talk)


def shipped_minutes() -> list[Template]:
    """Return the templates as they are shipped, in the reader's language."""
    language = "ja" if is_japanese() else "en"
    return [_in_language(data, language) for data in _files()]


def _in_language(data: Mapping[str, Any], language: str) -> Template:
    texts = {name: data[name][language] for name in TEXTS}
    return replace(
        Template(key=data["key"], type=data["type"], **texts),
        place=data["place"],
        is_shipped=True,
    )


@cache
def _files() -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(STARTER.glob("*.json"))]
