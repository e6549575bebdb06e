"""How a person's name reads in the language of the page."""

import re

from django.utils import translation

#: Scripts whose names put the family first: kana, Chinese characters, Hangul.
_FAMILY_FIRST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")

#: The fields of a contact or colleague that make up the name, as `person_name` takes them.
NAME_PARTS = ("family_name", "given_name", "family_name_latin", "given_name_latin")


def person_name(family: str, given: str, family_latin: str, given_latin: str) -> str:
    """Return the family name first in Japanese; elsewhere the Latin name, given name first.

    A name without a Latin form keeps the order of its own script in every language.
    """
    japanese = (translation.get_language() or "en").startswith("ja")
    if not japanese and (family_latin or given_latin):
        return f"{given_latin} {family_latin}".strip()
    if _FAMILY_FIRST.search(family + given):
        return f"{family} {given}".strip()
    return f"{given} {family}".strip()
