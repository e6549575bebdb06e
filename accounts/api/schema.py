"""The OpenAPI document says what can go wrong, too: one problem shape for every error."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

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


_MORE_TITLES = {
    409: "The present state does not allow this.",
    412: "The record was changed in the meantime.",
}
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key and body within 24 hours happen once and answer the same.",
)
_IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag the change is based on; 412 when the record is another by now.",
)
_OF_LIST = {400, 401, 403, 429}
_OF_WRITE = _OF_LIST | {404, 409, 415}


class RecordSchema(AutoSchema):
    """Add the problems a resource of this API can answer with, and the headers of writes."""

    def get_override_parameters(self) -> list[Any]:
        if self.method == "POST" and self._makes():
            return [_KEY]
        if self.method in {"PATCH", "DELETE"}:
            return [_IF_MATCH]
        return []

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in sorted(self._problems()):
            problem = OpenApiResponse(ProblemSerializer, description=_title(status))
            bodies[str(status)] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                problem, str(status), media_types=[CONTENT_TYPE], direction=direction
            )
        return bodies

    def _makes(self) -> bool:
        return getattr(self.view, "action", "") == "create"

    def _problems(self) -> set[int]:
        if self.method == "GET":
            return _OF_LIST if self._is_list_view() else {401, 403, 404, 429}
        return _OF_WRITE - {404} if self._makes() else _OF_WRITE | {412}


def _title(status: int) -> str:
    return str(TITLES.get(status) or _MORE_TITLES[status])
