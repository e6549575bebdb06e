"""Two people edit one record over the API: the second learns it instead of overwriting the first.

A record's answers carry an `ETag`; a write with `If-Match` passes only while the row is still
that version. The version is PostgreSQL's own (`xmin`, the transaction that wrote the row), so no
service has to remember to count.
"""

import hashlib
from typing import Any

from django.db import models, transaction
from django.db.models import CharField, Func
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.problems import PreconditionFailed

READS = ("GET", "HEAD", "OPTIONS")
SHOWING = (200, 201)


def etag(record: models.Model, *, lock: bool = False) -> str:
    """Return the tag of the stored row, `""` when it is gone; `lock` holds it until the commit."""
    rows = type(record)._base_manager.filter(pk=record.pk)
    if lock:
        rows = rows.select_for_update()
    version = rows.values_list(Func(template="xmin::text", output_field=CharField()), flat=True)
    return "".join(f'"{record.pk}-{number}"' for number in version)


def content_tag(*parts: Any) -> str:
    """Return the tag of what has no row of its own, by what it says."""
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}"'


def refuse_stale(request: Request, tag: str) -> None:
    """Compare the version a caller names, if one is named, with the one that stands.

    :raises PreconditionFailed: when it is another.
    """
    expected = request.headers.get("If-Match", "*").strip()
    if not {name.strip() for name in expected.split(",")} & {"*", tag}:
        raise PreconditionFailed(_("Load it again and repeat your change."))


class ETagMixin:
    """For viewsets of one kind of record, left of the generic ones: `ETag` out, `If-Match` in.

    A write runs in one transaction with the check, and a lock keeps the row still in between.
    """

    tagged: models.Model | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Hold the lock of a comparison until the write is over, whichever action writes."""
        if request.method in READS or "If-Match" not in request.headers:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        with transaction.atomic():
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_object(self) -> Any:
        """Return the record; before a write, compare it with the caller's `If-Match`.

        :raises PreconditionFailed: when the record is another version by now.
        """
        record = super().get_object()  # type: ignore[misc]
        request: Request = self.request  # type: ignore[attr-defined]
        expected = request.headers.get("If-Match", "*").strip()
        if request.method not in READS and expected != "*":
            tags = {tag.strip() for tag in expected.split(",")}
            if etag(record, lock=True) not in tags:
                raise PreconditionFailed(_("Load it again and repeat your change."))
        self.tagged = record
        return record

    @transaction.atomic
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the record in the transaction that compared its version."""
        return super().update(request, *args, **kwargs)  # type: ignore[misc,no-any-return]

    @transaction.atomic
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Remove the record in the transaction that compared its version."""
        return super().destroy(request, *args, **kwargs)  # type: ignore[misc,no-any-return]

    def headers_of(self, response: Response) -> dict[str, str]:
        """Keep the version beside what else is told of an answer that is given again."""
        kept: dict[str, str] = super().headers_of(response)  # type: ignore[misc]
        return kept if self.tagged is None else kept | {"ETag": etag(self.tagged)}

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        """Say which version of the record the answer shows."""
        response: Response = super().finalize_response(*args, **kwargs)  # type: ignore[misc]
        if self.tagged is not None and response.status_code in SHOWING:
            response["ETag"] = etag(self.tagged)
        return response
