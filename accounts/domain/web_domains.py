"""Names of web and mail domains, as they are stored and as people type or paste them."""

import re

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
#: A scheme, a path behind it, a port; what stands before an @ is a person.
_AROUND = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^@/\s]*@)?([^/:?#\s]+)(?::\d+)?(?:[/?#]\S*)?$")


def fold_domain(text: str) -> str | None:
    """Return a domain as it is stored; None for what is none."""
    bare = text.strip().removeprefix("@").rstrip(".").lower()
    try:
        domain = bare.encode("idna").decode()
    except UnicodeError:
        domain = ""
    return domain if _DOMAIN.fullmatch(domain) else None


def domains_named(text: str) -> list[str]:
    """Return the domains an address, a mail address or a domain may mean: with and without www."""
    found = _AROUND.match(text.strip().lower())
    domain = fold_domain(found[1]) if found else None
    if domain is None:
        return []
    return list(dict.fromkeys([domain, domain.removeprefix("www.")]))
