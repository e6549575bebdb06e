"""The OpenAPI document says what can go wrong, too: one problem shape for every error."""

from inspect import getdoc
from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from accounts.api.relations import LinkField
from config.lib.etags import ETagMixin
from config.lib.idempotency import LONGEST_KEY, IdempotencyMixin
from config.lib.problem_details import CONTENT_TYPE, TITLES


class FieldErrorSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="JSON pointer to the field; empty for the whole.")
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text="Stable; programs decide by it.")
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]


KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    description="The same key and body within 24 hours happen once and answer the same.",
)
_IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag the change is based on; 412 when the record is another by now.",
)
_ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="The version of the record this answer shows, for If-Match.",
    response=[200, 201],
)
_LOCATION = OpenApiParameter(
    "Location",
    {"type": "string", "format": "uri"},
    OpenApiParameter.HEADER,
    description="Where the record is.",
    response=[200, 201],
)
_RETRY = OpenApiParameter(
    "Retry-After",
    int,
    OpenApiParameter.HEADER,
    description="Seconds to wait before the next request.",
    response=[429],
)
_ALWAYS = {401, 403, 406, 429}
_OF_BODY = {400, 413, 415}
_CALLED = {"create": "make", "partial_update": "change", "destroy": "remove"}
_REFUSING = "accounts.api.base"
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}


class RecordSchema(AutoSchema):
    """Add the problems a resource of this API can answer with, and the headers of writes."""

    def is_excluded(self) -> bool:
        return not is_offered(self.view, getattr(self.view, "action", "") or "")

    def get_description(self) -> str:  # type: ignore[override]
        """Return what is said of an operation; what comes back is said where it is brought back."""
        brings: Any = getattr(self.view, "bring_back", None)
        if brings is not None and getattr(self.view, "action", "") == "restore":
            return getdoc(brings) or ""
        description: str = super().get_description()
        return description

    def get_override_parameters(self) -> list[Any]:
        if self._makes():
            return [KEY, _RETRY, _ETAG, _LOCATION]
        if not self._has_versions():
            return [_RETRY]
        return [_RETRY, _ETAG] if self.method == "GET" else [_RETRY, _ETAG, _IF_MATCH]

    def _get_parameters(self) -> list[Any]:
        parameters: list[Any] = super()._get_parameters()
        return [_strict(parameter) for parameter in parameters]

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in sorted(self._problems()):
            problem = OpenApiResponse(ProblemSerializer, description=_title(status))
            bodies[str(status)] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                problem, str(status), media_types=[CONTENT_TYPE], direction=direction
            )
        return bodies

    def _map_serializer_field(
        self, field: Any, direction: Any, bypass_extensions: bool = False
    ) -> Any:
        """Describe fields as they answer: what is stored may be empty, decimals are typed."""
        answers = direction == "response"
        if answers and isinstance(field, serializers.ChoiceField) and _may_be_blank(field):
            field.allow_blank = True
        if answers and isinstance(field, LinkField) and field.may_be_hidden():
            field.allow_null = True
        if answers and field.field_name in getattr(field.parent, "kept_back", ()):
            field.allow_null = True
        if answers and isinstance(field, serializers.CharField):
            field.validators = [v for v in field.validators if not isinstance(v, RegexValidator)]
        described: Any = super()._map_serializer_field(  # type: ignore[no-untyped-call]
            field, direction, bypass_extensions
        )
        if isinstance(field, serializers.DecimalField) and "pattern" in described:
            described["pattern"] = _decimal_pattern(field)
        return described

    def _makes(self) -> bool:
        creates = getattr(self.view, "action", "") == "create" or getattr(self.view, "makes", False)
        return creates and isinstance(self.view, IdempotencyMixin)

    def _has_versions(self) -> bool:
        return isinstance(self.view, ETagMixin) and "{id}" in self.path

    def _problems(self) -> set[int]:
        found = _ALWAYS | getattr(self.view, "more_problems", frozenset())
        if "{" in self.path:
            found.add(404)
        found.add(400)
        if self.method == "GET":
            return found
        found |= {409} | _OF_BODY
        return found | ({412} if self._has_versions() else set())


def is_offered(view: Any, action: str) -> bool:
    """Tell whether a resource has what the action calls; `base` only has what refuses it."""
    method = getattr(type(view), _CALLED.get(action, ""), None)
    return method is None or method.__module__ != _REFUSING


def _strict(parameter: dict[str, Any]) -> dict[str, Any]:
    """Narrow what is read more strictly than its type says: ids, and filters by a text."""
    schema = parameter["schema"]
    if parameter["in"] == "path" and schema.get("pattern"):
        return parameter | {"schema": _NUMBER}
    return parameter


def _may_be_blank(field: serializers.ChoiceField) -> bool:
    """Tell whether a field shows a column that may be empty."""
    if not isinstance(field.parent, serializers.ModelSerializer):
        return False
    model: Any = field.parent.Meta.model
    columns = {column.name: column for column in model._meta.concrete_fields}
    column = columns.get(field.source or "")
    return column is not None and column.blank


def _decimal_pattern(field: serializers.DecimalField) -> str:
    whole, places = field.max_whole_digits, field.decimal_places
    return rf"^-?\d{{1,{whole}}}(?:\.\d{{1,{places}}})?$"


def _title(status: int) -> str:
    return str(TITLES[status])
