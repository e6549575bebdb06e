"""The mail and web domains of an account, and which of them somebody verified."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.domain.web_domains import fold_domain
from accounts.models import Account, AccountDomain
from config.lib.problems import FieldError, Problem


class BadDomain(Problem):
    """Something that is no domain name."""

    code = "bad_domain"
    title = _("A domain is not valid.")


class ForeignDomain(Problem):
    """A domain was to be verified that is none of the account's."""

    code = "foreign_domain"
    title = _("Only a domain of the account can be verified.")


def replace_domains(account: Account, domains: Iterable[str]) -> None:
    """Make these the domains of the account; those that stay keep whether they are verified.

    :raises BadDomain: naming the place in the list.
    """
    wanted = _folded(domains, member="domains")
    present = set(account.domains.values_list("domain", flat=True))
    if gone := present - set(wanted):
        account.domains.filter(domain__in=gone).delete()
    AccountDomain.objects.bulk_create(
        AccountDomain(account=account, domain=domain) for domain in wanted if domain not in present
    )


def replace_verified(account: Account, domains: Iterable[str]) -> None:
    """Make these the domains of the account that somebody made sure of, and no others.

    :raises BadDomain: naming the place in the list.
    :raises ForeignDomain: for a domain the account does not have, naming its place.
    """
    wanted = _folded(domains, member="verified_domains")
    present = set(account.domains.values_list("domain", flat=True))
    places = [place for place, domain in enumerate(wanted) if domain not in present]
    if places:
        title = ForeignDomain.title
        raise ForeignDomain(errors=[FieldError(f"/verified_domains/{n}", title) for n in places])
    account.domains.filter(is_verified=True).exclude(domain__in=wanted).update(is_verified=False)
    account.domains.filter(is_verified=False, domain__in=wanted).update(is_verified=True)


def _folded(domains: Iterable[str], *, member: str) -> list[str]:
    """Return domains as they are stored, each once."""
    found = []
    for place, text in enumerate(domains):
        domain = fold_domain(text)
        if domain is None:
            error = FieldError(f"/{member}/{place}", _("Write it like example.co.jp."))
            raise BadDomain(errors=[error])
        found.append(domain)
    return list(dict.fromkeys(found))
