"""What every resource of the API shares, whichever app it belongs to.

A view names its queryset, serializer and filters and says with which services it makes, changes
and removes a record. It never finds a record the caller may not see: everything starts from
`visible_to`, so a foreign record is 404, and one the caller sees but may not change is 403.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any, ClassVar, cast

from django.core.cache import caches
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action
from rest_framework.exceptions import MethodNotAllowed, PermissionDenied
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.viewsets import GenericViewSet

from accounts.api.authentication import BearerAuthentication
from accounts.api.permissions import RoleAllows, ShownAgain, TokenAllows
from accounts.api.queries import FoldedSearch, VisibleFilters, refuse_unknown
from accounts.api.relations import links_of, with_seen_links
from accounts.api.schema import RecordSchema, is_offered
from accounts.choices import TokenScope
from accounts.models import IdempotencyKey, User
from config.lib.bodies import changes_of, read_body, refuse_members
from config.lib.clock import app_now
from config.lib.etags import ETagMixin
from config.lib.idempotency import IdempotencyMixin
from config.lib.json_body import StorableJSONParser
from config.lib.pagination import KeysetPagination
from config.lib.problems import FieldError, Problem


class CallerThrottle(UserRateThrottle):
    """Hold back a caller gone wild: so many requests a minute and process (`API_RATE`)."""

    cache = caches["throttle"]


class ApiView:
    """How any view of the API knows its caller, and how often they may call; left of the view."""

    request: Any
    authentication_classes: Any = (BearerAuthentication, SessionAuthentication)
    permission_classes: Any = (IsAuthenticated, TokenAllows, RoleAllows, ShownAgain)
    throttle_classes: Any = (CallerThrottle,)
    parser_classes: Any = (StorableJSONParser,)
    schema: Any = RecordSchema()
    write_scope: ClassVar[str] = TokenScope.WRITE
    asks_again: ClassVar[bool] = False
    #: What may stand behind the question mark of a read; None where the view itself refuses the
    #: rest, as lists do.
    questions: ClassVar[Collection[str] | None] = ()

    @property
    def me(self) -> User:
        """Return the caller, who is known once the permissions were checked."""
        return cast(User, self.request.user)

    def perform_authentication(self, request: Request) -> None:
        """Find out who calls; a token without a wish answers in its owner's language."""
        super().perform_authentication(request)  # type: ignore[misc]
        if request.auth is not None and "Accept-Language" not in request.headers:
            translation.activate(cast(User, request.user).language)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who may, and refuse what would be ignored."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if request.method not in self.allowed_methods:  # type: ignore[attr-defined]
            raise MethodNotAllowed(str(request.method))
        questions = self.questions_taken()
        if questions is not None:
            refuse_unknown(request, questions)

    def questions_taken(self) -> Collection[str] | None:
        """Return the parameters this request may have; None for a list, whose filters say it."""
        if self.request.method not in SAFE_METHODS:
            return ()
        return None if getattr(self, "action", "") == "list" else self.questions

    @cached_property
    def at(self) -> dt.datetime:
        """Return the application's time, read once a request."""
        return app_now()


class ReadOnlyViewSet(ApiView, ListModelMixin, RetrieveModelMixin, GenericViewSet[Any]):
    """A resource that is only read; every list and record starts from `visible_to`."""

    pagination_class = KeysetPagination
    filter_backends = (VisibleFilters, FoldedSearch)
    lookup_value_regex = r"\d{1,18}"
    search_columns: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self) -> Any:
        """Return the rows the caller sees, with what the serializer needs."""
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows.none()
        return self.complete(rows.visible_to(self.request.user))

    def complete(self, rows: Any) -> Any:
        """Add what the serializer shows; a link to what the caller does not see is null."""
        links = links_of(self.get_serializer())
        return with_seen_links(self.with_parts(rows), links, user=self.request.user)

    def with_parts(self, rows: Any) -> Any:
        """Annotate and prefetch what the serializer shows; a constant number of queries."""
        return rows


class _EditableObject:
    """The record of an unsafe request must be one the caller may change."""

    def get_object(self) -> Any:
        row = super().get_object()  # type: ignore[misc]
        request: Request = self.request  # type: ignore[attr-defined]
        if request.method not in SAFE_METHODS:
            rows = type(row).objects.editable_by(request.user)
            if not rows.filter(pk=row.pk).exists():
                raise PermissionDenied
        return row


class AccountStays(Problem):
    """A record of one account was to become one of another."""

    code = "account_stays"
    title = _("A record stays with its account: take it out here and add it there.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/account", self.title)])


def without_own_account(row: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Return a change without the account that the record has anyway.

    :raises AccountStays: for any other account.
    """
    if "account" in data and data["account"].pk != row.account_id:
        raise AccountStays
    return {name: value for name, value in data.items() if name != "account"}


class _Writes:
    """Parse, call the view's service, answer with the record as it is now."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        data = read_body(self.get_serializer(data=request.data))  # type: ignore[attr-defined]
        row = self.make(data)  # type: ignore[attr-defined]
        where = {"Location": request.build_absolute_uri(f"{request.path}{row.pk}/")}
        code = status.HTTP_201_CREATED if self.is_new(row) else status.HTTP_200_OK  # type: ignore[attr-defined]
        return Response(self._shown(row), status=code, headers=where)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()  # type: ignore[attr-defined]
        serializer = self.get_serializer(  # type: ignore[attr-defined]
            row, data=request.data, partial=True
        )
        data = without_own_account(row, read_body(serializer))
        changes = changes_of(serializer, data)
        if changes:
            row = self.change(row, changes)  # type: ignore[attr-defined]
        return Response(self._shown(row))

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        refuse_members(request)
        self.remove(self.get_object())  # type: ignore[attr-defined]
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _shown(self, row: Any) -> Mapping[str, Any]:
        """Serialize a record that was written, even if the change took it out of sight."""
        self.tagged = row
        rows = type(row).objects.filter(pk=row.pk)
        fresh = self.complete(rows).get()  # type: ignore[attr-defined]
        shown: Mapping[str, Any] = self.get_serializer(fresh).data  # type: ignore[attr-defined]
        return shown


class RecordViewSet(ETagMixin, IdempotencyMixin, _EditableObject, _Writes, ReadOnlyViewSet):
    """A resource that is read and written: implement `make`, `change` and `remove`.

    `make(data)` and `change(row, data)` take validated data and return the record.
    """

    idempotency_model = IdempotencyKey
    http_method_names: Any = ["get", "post", "patch", "delete", "head", "options"]

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the members that are given."""
        return self.update(request, *args, **kwargs)

    def _allowed_methods(self) -> list[str]:
        """Offer only what the resource implements."""
        actions = getattr(self, "action_map", None) or {}
        offered: list[str] = super()._allowed_methods()  # type: ignore[misc]
        return [m for m in offered if is_offered(self, actions.get(m.lower(), ""))]

    def make(self, data: dict[str, Any]) -> Any:
        """Make a record from validated data."""
        raise MethodNotAllowed("POST")

    def is_new(self, row: Any) -> bool:
        """Say whether `make` made the record, and did not find it there."""
        return True

    def change(self, row: Any, data: dict[str, Any]) -> Any:
        """Change a record by validated data."""
        raise MethodNotAllowed("PATCH")

    def remove(self, row: Any) -> None:
        """Take a record out: archive, retract or end it."""
        raise MethodNotAllowed("DELETE")


class Restores:
    """What was archived or taken back comes back: implement `bring_back(row)`."""

    def get_queryset(self) -> Any:
        """Look for what is to come back among the rows that were taken back, too."""
        if getattr(self, "action", "") == "restore":
            model: Any = self.queryset.model  # type: ignore[has-type]
            self.queryset = model._default_manager.all()
        return super().get_queryset()  # type: ignore[misc]

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def restore(self, request: Request, **kwargs: Any) -> Response:
        """Bring back what was archived or taken back, with what went with it."""
        refuse_members(request)
        row = self.bring_back(self.get_object())  # type: ignore[attr-defined]
        return Response(self._shown(row))  # type: ignore[attr-defined]
