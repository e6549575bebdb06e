"""A web server of its own with one of everything, for programs that know only the description."""

from collections.abc import Iterator

import pytest

from tests.live import LiveSite, live_site

FOUNDING = "from tests.api.founding import found; found()"


@pytest.fixture(scope="session")
def api_site() -> Iterator[LiveSite]:
    """Lend an installation of which only the web server runs."""
    with live_site("web", founding=FOUNDING) as site:
        yield site
