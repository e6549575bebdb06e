"""When two spellings mean the same: folding for search, and the key that finds duplicates.

Search folds width, case, shapes of kanji (髙 = 高) and hiragana = katakana. The name key of a
company also folds spaces and middle dots and cuts the company form, but keeps the kana: さくら
and サクラ are two companies.
"""

import re
import unicodedata
from collections.abc import Sequence

from config.lib.kanji import COMMON_SHAPES

LONGEST_KEY = 200
JAPANESE_FORMS = (
    *("株式会社", "(株)", "有限会社", "(有)", "合同会社", "(同)", "合資会社", "(資)"),
    *("合名会社", "(名)", "相互会社", "(相)"),
    *("一般社団法人", "(一社)", "公益社団法人", "(公社)", "社団法人", "(社)"),
    *("一般財団法人", "(一財)", "公益財団法人", "(公財)", "財団法人", "(財)"),
    *("学校法人", "(学)", "国立大学法人", "公立大学法人", "国立研究開発法人"),
    *("医療法人", "医療法人社団", "医療法人財団", "(医)", "社会福祉法人", "(福)"),
    *("独立行政法人", "(独)", "地方独立行政法人", "宗教法人", "(宗)"),
    *("特定非営利活動法人", "npo法人", "税理士法人", "弁護士法人", "監査法人"),
)
#: Cut from either end.
LATIN_FORMS = (
    "inc", "corp", "co ltd", "co limited", "company limited", "ltd", "kk", "llc", "llp", "gmbh",
    "gmbh & co kg", "plc", "pte ltd", "pte limited", "pty ltd", "pty limited", "pvt ltd", "sdn bhd",
    "bhd", "sarl", "srl",
)  # fmt: skip
#: Words of English: in front they begin a name, such as Limited Brands.
LATIN_WORDS = ("incorporated", "corporation", "limited", "private limited")
#: Cut from the end alone, and only after a space: in front and within names they mean much else.
LATIN_ENDINGS = (
    "company", "& company", "co", "& co", "pte", "ag", "kg", "se", "sa", "sas", "spa", "bv", "nv",
    "ab", "asa", "oy", "oyj", "lp", "tbk",
)  # fmt: skip

_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_SHAPES = COMMON_SHAPES | _HIRAGANA
_SPACES = re.compile(r"[\s・·]+")
_LATIN = r"[0-9a-z\u00df-\u024f]"


def _words(forms: Sequence[str]) -> list[str]:
    """Return patterns of Latin forms, each a word of its own: neither Zinc nor KKR has one."""
    longest = sorted(forms, key=len, reverse=True)
    return [rf"(?<!{_LATIN}){re.escape(form).replace(' ', ' ?')}(?!{_LATIN})" for form in longest]


_JAPANESE = [*map(re.escape, sorted(JAPANESE_FORMS, key=len, reverse=True))]
_FORM = "|".join([*_JAPANESE, *_words(LATIN_FORMS)])
_FORM_AT_END = "|".join([*_JAPANESE, *_words((*LATIN_FORMS, *LATIN_WORDS))])
_FORM_IN_FRONT = re.compile(rf"^(?:{_FORM})\s*(?=.)")
_ENDING = "|".join(re.escape(form) for form in sorted(LATIN_ENDINGS, key=len, reverse=True))
#: Looked for before the costly expressions: most names have a form at one end at most.
_IN_FRONT = (*JAPANESE_FORMS, *LATIN_FORMS, *(form.replace(" ", "") for form in LATIN_FORMS))
_BEHIND = (*_IN_FRONT, *LATIN_WORDS, *LATIN_ENDINGS)
_FORM_BEHIND = re.compile(rf"(?<=.)(?:\s*(?:{_FORM_AT_END})|\s(?:{_ENDING}))$")


def fold_width_and_case(text: str) -> str:
    """Return `text` in NFKC and without case: full width, half width and capitals are equal."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded)


def fold_shapes(text: str) -> str:
    """Return `text` with width, case and shapes of kanji folded, and katakana as hiragana."""
    return fold_width_and_case(text).translate(_SHAPES)


def fold_for_search(text: str) -> str:
    """Return what search compares: width, case, kanji and kana folded, single spaces.

    NUL counts as a space: no stored text holds it, and PostgreSQL refuses to look for it.
    """
    return " ".join(fold_shapes(text).replace("\0", " ").split())


def name_key(name: str) -> str:
    """Return the key under which spellings of one company's name meet.

    `株式会社 青嶺精機`, `青嶺精機㈱` and `青嶺・精機（株）` share one; so do `Aomine Co., Ltd.` and
    `AOMINE KK`, `髙島` and `高嶋`. A name that is nothing but a company form stays as it is.
    """
    folded = _cut_once(fold_width_and_case(name).translate(COMMON_SHAPES))
    while (again := _cut_once(_folded_still(folded))) != folded:
        folded = again
    return folded


def _cut_once(folded: str) -> str:
    text = folded.replace(".", "").replace(",", " ")
    text = _SPACES.sub(" ", text).strip()
    if text.startswith(_IN_FRONT):
        text = _FORM_IN_FRONT.sub("", text)
    if text.endswith(_BEHIND):
        text = _FORM_BEHIND.sub("", text)
    return text.replace(" ", "")[:LONGEST_KEY]


def _folded_still(text: str) -> str:
    """Fold again only what a cut may have left unfolded: a mark that now follows a letter."""
    return text if unicodedata.is_normalized("NFKC", text) else fold_width_and_case(text)
