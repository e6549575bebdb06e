"""How a person's name reads in the language of the page."""

from django.utils import translation


def person_name(family: str, given: str, family_latin: str, given_latin: str) -> str:
    """Return the family name first in Japanese; elsewhere the Latin name, given name first.

    A name without a Latin form keeps its own order in every language.
    """
    japanese = (translation.get_language() or "en").startswith("ja")
    if not japanese and (family_latin or given_latin):
        return f"{given_latin} {family_latin}".strip()
    return f"{family} {given}".strip()
