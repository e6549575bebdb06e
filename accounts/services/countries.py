"""Where somebody is at home: a country of ISO 3166, whoever writes it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.lib.countries import country_code
from config.lib.problems import FieldError, Problem


class UnknownCountry(Problem):
    """The code is that of no country."""

    code = "unknown_country"
    title = _("There is no country with this code. Give its two letters, like JP.")

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("/country", self.title)])


def with_country(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be written with the country, where one is named, as it is stored.

    :raises UnknownCountry: for what is no country.
    """
    if "country" not in fields:
        return dict(fields)
    code = country_code(str(fields["country"]))
    if code is None:
        raise UnknownCountry
    return {**fields, "country": code}
