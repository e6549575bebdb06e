"""Every route of the product, found from the URL resolver, and how tests fill its parameters.

**To add a route:** usually nothing. A REST resource whose queryset is of a model in `RECORDS` is
filled by itself. Where the walk says it can't fill a route, add one line:

- to `RECORDS` if the model is new: how to make one record of it for an account;
- to `PARAMETERS` (`tests/route_parameters.py`) for a page: `"app:name": {"parameter": Model}`;
- to `FREE` beside it if the parameter names nothing that belongs to an account (a playbook's key);
- to `PUBLIC` if nobody needs to sign in, or to `OWN` if it is about the caller alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Account
from tests.factories import (
    make_account,
)
from tests.route_parameters import FREE, PARAMETERS
from tests.route_records import HOUSE, MARK, RECORDS

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: A page is read and takes forms; only the interface for programs tells the others apart.
OF_PAGES = ("GET", "POST")

#: Routes that nobody needs to sign in for; the whole list, so keep it short.
PUBLIC = {
    "favicon",
    "healthz",
    "readyz",
    "metrics",
    "schema",
    "docs",
    "preferences",
    "accounts:inlet_door",
    "surveys:form",
    "surveys:unsubscribe",
    "styleguide",
    "styleguide_dialog",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
}
#: Ingestion knows only write keys: a session or an API token is nothing to it.
WRITE_KEY_NAMESPACES = {"ingest"}
#: About the caller alone: everybody who is signed in may write here.
OWN = re.compile(
    r"^(preferences|account_.*|mfa_.*|usersessions_.*|socialaccount_.*|accounts:settings_token.*|admin:.*)$"
)


@dataclass(frozen=True)
class Route:
    """One address pattern under the name it is reversed by."""

    name: str
    template: str
    parameters: tuple[str, ...]
    model: type[models.Model] | None
    fixed: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    @property
    def is_api(self) -> bool:
        return self.template.startswith(("api/", "v1/", "scim/"))

    @property
    def is_public(self) -> bool:
        return self.name in PUBLIC

    @property
    def is_of_write_keys(self) -> bool:
        return self.name.partition(":")[0] in WRITE_KEY_NAMESPACES

    @property
    def is_admin(self) -> bool:
        return self.name.startswith("admin:")

    @property
    def is_own(self) -> bool:
        return OWN.match(self.name) is not None

    def names_a_record(self) -> bool:
        """Say whether a parameter names a record of an account."""
        return any(model in RECORDS for model in self._models().values())

    def address(self, account: Account) -> str:
        """Return the address for records of an account."""
        values = self.fixed | FREE.get(self.name, {})
        for parameter, model in self._models().items():
            make = RECORDS.get(model)
            row = make(account) if make else HOUSE[model]()
            values[parameter] = row.pk
        return reverse(self.name, kwargs=values)

    def _models(self) -> dict[str, type[models.Model]]:
        if self.name in PARAMETERS:
            return PARAMETERS[self.name]
        if self.model is not None and self.parameters == ("pk",):
            return {"pk": self.model}
        return {}

    def fault(self) -> str:
        """Return why the walk can't try the route, or nothing."""
        if self.name.endswith(":") or not self.name:
            return f"/{self.template} has no name: give it one"
        filled = set(self._models()) | set(FREE.get(self.name, {}))
        if missing := set(self.parameters) - filled:
            return f"{self.name} needs {sorted(missing)}: say how in tests/routes.py"
        unknown = [m for m in self._models().values() if m not in RECORDS and m not in HOUSE]
        if unknown:
            return f"{self.name} shows {unknown[0].__name__}: add it in tests/route_records.py"
        return ""


def product_routes() -> list[Route]:
    """Return every route but those of the operators' admin."""
    return [route for route in _walk(get_resolver(), "", "") if not route.is_admin]


def admin_addresses() -> list[str]:
    """Return the admin's lists and forms for adding, of every registered model."""
    names = (route for route in _walk(get_resolver(), "", "") if route.is_admin)
    found = []
    for route in names:
        if route.name.endswith(("_changelist", "_add", "admin:index")):
            found.append(reverse(route.name))
    return sorted(set(found))


def make_foreign_account(**fields: Any) -> Account:
    """Make an account whose names nobody of another team may ever read."""
    return make_account(name=f"{MARK}株式会社", name_kana=MARK, short_name=MARK, **fields)


def rows_written() -> int:
    """Return how many rows this transaction has written, but for sessions and caches."""
    # The view of the same numbers joins what nobody asks here, and takes four times as long.
    statement = """
        SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(oid)
          + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid)), 0)
        FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
          AND relname NOT IN ('django_session', 'cache_entry', 'pghistory_context')
    """
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        template = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from _walk(entry, template, inner)
        elif isinstance(entry, URLPattern):
            yield _route(entry, template, namespace)


def _route(entry: URLPattern, template: str, namespace: str) -> Route:
    view = getattr(entry.callback, "cls", None)
    queryset = getattr(view, "queryset", None)
    parameters = tuple(sorted(entry.pattern.regex.groupindex))
    name = f"{namespace}:{entry.name or ''}" if namespace else entry.name or ""
    fixed = {key: value for key, value in entry.default_args.items() if isinstance(value, str)}
    return Route(name, template, parameters, getattr(queryset, "model", None), fixed)
