"""When two spellings mean the same: folding for search, and the key that finds duplicates.

Search folds width, case and hiragana = katakana. The name key of a company also folds spaces and
middle dots and cuts the company form, but keeps the kana: さくら and サクラ are two companies.
"""

import re
import unicodedata

LONGEST_KEY = 200
JAPANESE_FORMS = (
    "株式会社",
    "(株)",
    "有限会社",
    "(有)",
    "合同会社",
    "合資会社",
    "一般社団法人",
    "公益財団法人",
    "学校法人",
    "医療法人",
    "独立行政法人",
)
LATIN_FORMS = ("inc", "co ltd", "kk", "llc", "gmbh", "pte ltd")

_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_SPACES = re.compile(r"[\s・·]+")
_LATIN = r"[0-9a-z\u00df-\u024f]"
_FORM = "|".join(
    [
        *map(re.escape, JAPANESE_FORMS),
        # A Latin form is a word of its own: neither Zinc nor KKR has one.
        *(rf"(?<!{_LATIN}){form.replace(' ', ' ?')}(?!{_LATIN})" for form in LATIN_FORMS),
    ]
)
_FORM_IN_FRONT = re.compile(rf"^(?:{_FORM})\s*(?=.)")
#: Looked for before the costly expressions: most names have a form at one end at most.
_SPELLED = (*JAPANESE_FORMS, *LATIN_FORMS, *(form.replace(" ", "") for form in LATIN_FORMS))
_FORM_BEHIND = re.compile(rf"(?<=.)\s*(?:{_FORM})$")


def fold_width_and_case(text: str) -> str:
    """Return `text` in NFKC and without case: full width, half width and capitals are equal."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded)


def fold_for_search(text: str) -> str:
    """Return what search compares: width and case folded, katakana as hiragana, single spaces.

    NUL counts as a space: no stored text holds it, and PostgreSQL refuses to look for it.
    """
    hiragana = fold_width_and_case(text).translate(_HIRAGANA)
    return " ".join(hiragana.replace("\0", " ").split())


def name_key(name: str) -> str:
    """Return the key under which spellings of one company's name meet.

    `株式会社 青嶺精機`, `青嶺精機㈱` and `青嶺・精機（株）` share one; so do `Aomine Co., Ltd.` and
    `AOMINE KK`. A name that is nothing but a company form stays as it is.
    """
    folded = _cut_once(fold_width_and_case(name))
    while (again := _cut_once(_folded_still(folded))) != folded:
        folded = again
    return folded


def _cut_once(folded: str) -> str:
    text = folded.replace(".", "").replace(",", " ")
    text = _SPACES.sub(" ", text).strip()
    if text.startswith(_SPELLED):
        text = _FORM_IN_FRONT.sub("", text)
    if text.endswith(_SPELLED):
        text = _FORM_BEHIND.sub("", text)
    return text.replace(" ", "")[:LONGEST_KEY]


def _folded_still(text: str) -> str:
    """Fold again only what a cut may have left unfolded: a mark that now follows a letter."""
    return text if unicodedata.is_normalized("NFKC", text) else fold_width_and_case(text)
