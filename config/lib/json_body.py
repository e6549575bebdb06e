"""Bodies of REST requests: JSON that this house can store and answer with.

JSON can say what neither PostgreSQL nor UTF-8 can hold: the character NUL, and half of a surrogate
pair. It can also nest deeper than Python reads. Each gets a clear refusal, in one place for every
field, whether it is a text, a choice or an attribute nobody thought of.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from config.lib.problems import FieldError, Problem, TooLarge

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class UnstorableText(Problem):
    """A text holds a character that can't be stored."""

    code = "unstorable_text"
    title = _("The text contains a character that can't be stored.")


class StorableJSONParser(JSONParser):
    """Read JSON and refuse what nothing behind it could take."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the body.

        :raises TooLarge: when it is longer than `API_MAX_BODY_BYTES`.
        :raises ParseError: when it is no JSON, or nested too deeply.
        :raises UnstorableText: naming each place that holds NUL or half of a surrogate pair.
        """
        body = stream.read(settings.API_MAX_BODY_BYTES + 1)
        if len(body) > settings.API_MAX_BODY_BYTES:
            raise TooLarge
        try:
            data = super().parse(BytesIO(body), media_type, parser_context)
            faults = [FieldError(pointer, UnstorableText.title) for pointer in _faults(data, "")]
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        if faults:
            raise UnstorableText(errors=faults)
        return data


def _faults(data: Any, pointer: str) -> Iterator[str]:
    if isinstance(data, str):
        if _UNSTORABLE.search(data):
            yield pointer
    elif isinstance(data, dict):
        for name, inner in data.items():
            if _UNSTORABLE.search(name):
                yield pointer
            else:
                escaped = name.replace("~", "~0").replace("/", "~1")
                yield from _faults(inner, f"{pointer}/{escaped}")
    elif isinstance(data, list):
        for place, inner in enumerate(data):
            yield from _faults(inner, f"{pointer}/{place}")
