"""The mail and web domains of an account."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountDomain
from config.lib.problems import FieldError, Problem

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


class BadDomain(Problem):
    """Something that is no domain name."""

    code = "bad_domain"
    title = _("A domain is not valid.")


def replace_domains(account: Account, domains: Iterable[str]) -> None:
    """Make these the domains of the account; those that stay keep whether they are verified.

    :raises BadDomain: naming the place in the list.
    """
    wanted = list(dict.fromkeys(_folded(place, text) for place, text in enumerate(domains)))
    present = set(account.domains.values_list("domain", flat=True))
    if gone := present - set(wanted):
        account.domains.filter(domain__in=gone).delete()
    AccountDomain.objects.bulk_create(
        AccountDomain(account=account, domain=domain) for domain in wanted if domain not in present
    )


def _folded(place: int, text: str) -> str:
    domain = fold_domain(text)
    if domain is None:
        error = FieldError(f"/domains/{place}", _("Write it like example.co.jp."))
        raise BadDomain(errors=[error])
    return domain


def fold_domain(text: str) -> str | None:
    """Return a domain as it is stored; None for what is none."""
    bare = text.strip().removeprefix("@").rstrip(".").lower()
    try:
        domain = bare.encode("idna").decode()
    except UnicodeError:
        domain = ""
    return domain if _DOMAIN.fullmatch(domain) else None
