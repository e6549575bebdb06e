"""What every test shares."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as properties
from rest_framework.test import APIClient

from accounts.models import User
from config import catalogue
from tests.browser import CHROMIUM, LAUNCH_ARGS
from tests.factories import make_team, make_user
from tests.live import LiveSite, live_site

# No test is a matter of time: a machine with other work on it must not make a property fail.
properties.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("patient")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long ones to `make faults` and `make explore`."""
    if config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("thorough")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session", autouse=True)
def compiled_messages() -> None:
    """Let tests read Japanese without a step before them."""
    if not catalogue.is_compiled(settings.BASE_DIR):
        catalogue.compile_catalogue(settings.BASE_DIR)


@pytest.fixture(autouse=True)
def same_language() -> Iterator[None]:
    """A request leaves its language behind; the next test starts without it."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("GRANT web TO CURRENT_USER")


@pytest.fixture(autouse=True)
def serve_as_web(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give the test the rights of the web login, also in threads and after a reconnect.

    Its end must not run as web: emptying tables after a transactional test needs TRUNCATE. In an
    ordinary test the roll-back takes the role back.
    """
    marker = request.node.get_closest_marker("django_db")
    uses_database = marker or DATABASE_FIXTURES & set(request.fixturenames)
    if not uses_database or request.node.get_closest_marker("as_owner"):
        yield
        return
    request.getfixturevalue("db")
    _become_web(connection=connection)
    connection_created.connect(_become_web)
    yield
    connection_created.disconnect(_become_web)
    if not connection.in_atomic_block and connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def _become_web(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE web")


@pytest.fixture(scope="session")
def installation() -> Iterator[LiveSite]:
    """Real processes on a database and a broker of their own, for flows and faults."""
    with live_site() as site:
        yield site


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's chromium; where there is none, tests that need a browser say so."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is missing")
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": LAUNCH_ARGS}


@pytest.fixture
def alice(db: None) -> User:
    """Return a member of a team."""
    return make_user(team=make_team(), username="alice@harukaze.example")


@pytest.fixture
def bob(alice: User) -> User:
    """Return the manager of Alice's team."""
    return make_user(team=alice.teams.get(), username="bob@harukaze.example", role="manager")


@pytest.fixture
def charlie(db: None) -> User:
    """Return a member of another team."""
    return make_user(team=make_team(), username="charlie@harukaze.example")


@pytest.fixture
def api() -> Callable[[User], APIClient]:
    """Return a maker of API clients that are signed in."""

    def sign_in(user: User) -> APIClient:
        client = APIClient()
        client.force_login(user)
        return client

    return sign_in
