"""The mail and web domains of an account."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.domain.web_domains import fold_domain
from accounts.models import Account, AccountDomain
from config.lib.problems import FieldError, Problem


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
