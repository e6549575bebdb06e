"""Lend every test run real servers of its own, before pytest-django reads the settings.

With DATABASE_URL and REDIS_URL set the run uses those. Workers of pytest-xdist inherit the
environment of the run that started them, so one pair serves them all.
"""

import os
from collections.abc import Generator

import pytest

from config.services.faults import ServiceError
from config.services.snapshot import TEMPLATE, make_template
from config.services.throwaway import Throwaway, start_throwaway

_pair = pytest.StashKey[Throwaway]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    if not {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        try:
            pair = start_throwaway()
        except ServiceError as fault:
            raise pytest.UsageError(str(fault)) from None
        early_config.stash[_pair] = pair
        if "DATABASE_URL" in os.environ:
            os.environ["REDIS_URL"] = pair.environment()["REDIS_URL"]
        else:
            os.environ.update(pair.environment() | os.environ)
            make_template(pair)
            os.environ["TEST_TEMPLATE"] = TEMPLATE
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    pair = config.stash.get(_pair, None)
    if pair is not None:
        pair.stop()
        os.environ.pop("TEST_TEMPLATE", None)
