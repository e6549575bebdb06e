"""What the address of the site says about where it runs."""

from urllib.parse import urlsplit


def is_this_machine(address: str) -> bool:
    """Say whether browsers take an address without https for a secure place: localhost alone."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname == "localhost"
