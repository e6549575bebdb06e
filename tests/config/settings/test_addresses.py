import pytest

from config.settings.addresses import is_this_machine


@pytest.mark.parametrize(
    "address", ["http://localhost", "http://localhost:8000", "HTTP://LOCALHOST/"]
)
def test_localhost_alone_goes_without_https(address: str) -> None:
    assert is_this_machine(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost.example",
        "http://localhost.example:8000",
        "http://localhost@customers.example",
        "http://localhosted",
        "https://localhost",
        "http://customers.example/localhost",
    ],
)
def test_what_only_begins_like_it_does_not(address: str) -> None:
    assert not is_this_machine(address)
