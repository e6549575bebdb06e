"""Bodies of REST requests: JSON that this house can store and answer with.

JSON can say what neither PostgreSQL nor UTF-8 can hold: the character NUL, and half of a surrogate
pair. It can also nest deeper than Python reads, and write numbers too large for it. Each gets a
clear refusal, in one place for every field, whether it is a text, a choice or an attribute nobody
thought of.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.fields import JSONField
from rest_framework.parsers import JSONParser, MultiPartParser

from config.lib.problems import FieldError, Problem, TooLarge

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class UnstorableText(Problem):
    """A text holds a character that can't be stored."""

    code = "unstorable_text"
    title = _("The text contains a character that can't be stored.")


class UnstorableNumber(Problem):
    """A number is too large to be one."""

    code = "unstorable_number"
    title = _("The number is too large.")


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
        :raises UnstorableNumber: naming each number that no float can hold.
        """
        body = stream.read(settings.API_MAX_BODY_BYTES + 1)
        if len(body) > settings.API_MAX_BODY_BYTES:
            raise TooLarge
        try:
            data = super().parse(BytesIO(body), media_type, parser_context)
            found = list(_faults(data, ""))
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        except ParseError as error:
            raise ParseError(_why(error.__context__)) from None
        for problem in (UnstorableText, UnstorableNumber):
            faults = [
                FieldError(pointer, problem.title) for kind, pointer in found if kind is problem
            ]
            if faults:
                raise problem(errors=faults)
        return data


class StorableJSONField(JSONField):
    """JSON within a form: a text, which can say what the parser of bodies refuses."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the value; one that could not be stored is no valid JSON here."""
        try:
            value = super().to_internal_value(data)
            is_storable = not any(_faults(value, ""))
        except RecursionError:
            is_storable = False
        if not is_storable:
            self.fail("invalid")
        return value


def _why(error: BaseException | None) -> str:
    if isinstance(error, json.JSONDecodeError):
        words = _("The body is not valid JSON: line %(line)d, column %(column)d.")
        return str(words) % {"line": error.lineno, "column": error.colno}
    return str(_("The body is not valid JSON."))


class FileParser(MultiPartParser):
    """A form with files; its faults are worded in the caller's language."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the members and files.

        :raises ParseError: when it is no such form.
        """
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError:
            raise ParseError(_("The body is not a valid multipart form.")) from None


def _faults(data: Any, pointer: str) -> Iterator[tuple[type[Problem], str]]:
    if isinstance(data, str):
        if _UNSTORABLE.search(data):
            yield UnstorableText, pointer
    elif isinstance(data, int | float):
        if not abs(data) <= sys.float_info.max:
            yield UnstorableNumber, pointer
    elif isinstance(data, dict):
        for name, inner in data.items():
            if _UNSTORABLE.search(name):
                yield UnstorableText, pointer
            else:
                escaped = name.replace("~", "~0").replace("/", "~1")
                yield from _faults(inner, f"{pointer}/{escaped}")
    elif isinstance(data, list):
        for place, inner in enumerate(data):
            yield from _faults(inner, f"{pointer}/{place}")
