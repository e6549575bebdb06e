import socket

import pytest

from config.services.demo import free_binds
from config.services.faults import ServiceError


def test_a_port_in_use_is_said_with_another_one_to_take() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=f"make demo PORT={port + 1}"):
            free_binds(port)


def test_a_free_port_is_bound_on_loopback_only() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert set(free_binds(port)) <= {f"127.0.0.1:{port}", f"[::1]:{port}"}
