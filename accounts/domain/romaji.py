"""Romaji read as hiragana, so that a name typed in Latin letters is found by its kana.

Hepburn and Kunrei spellings are both read. A word that is not finished, as while typing, ends in
every kana its last letters may become: `tan` is たん, たな, たに, たぬ, たね or たの.
"""

import unicodedata

SHORTEST_WORD, SHORTEST_KANA = 3, 2

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ",
    "t": "たちつてと", "d": "だぢづでど", "n": "なにぬねの", "h": "はひふへほ", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ", "m": "まみむめも", "r": "らりるれろ",
}  # fmt: skip
_GLIDES = {
    "ky": "き", "gy": "ぎ", "sy": "し", "sh": "し", "zy": "じ", "j": "じ", "jy": "じ", "ty": "ち",
    "ch": "ち", "cy": "ち", "ny": "に", "hy": "ひ", "by": "び", "py": "ぴ", "my": "み", "ry": "り",
}  # fmt: skip
_SYLLABLES = {
    **{
        onset + vowel: kana
        for onset, row in _ROWS.items()
        for vowel, kana in zip("aiueo", row, strict=True)
    },
    **{
        onset + vowel: kana + small
        for onset, kana in _GLIDES.items()
        for vowel, small in zip("aueo", "ゃゅぇょ", strict=True)
    },
    "shi": "し", "chi": "ち", "tsu": "つ", "fu": "ふ", "ji": "じ", "fa": "ふぁ", "fi": "ふぃ",
    "fe": "ふぇ", "fo": "ふぉ", "ti": "ち", "tu": "つ", "si": "し", "ya": "や", "yu": "ゆ",
    "yo": "よ", "wa": "わ", "wo": "を", "n'": "ん", "vu": "ゔ",
}  # fmt: skip
_LONGEST = max(map(len, _SYLLABLES))
_CONSONANTS = frozenset("bcdfghjkmnprstwyz")


def hiragana_of(word: str) -> list[str]:
    """Return the readings of a folded word, none where it is no romaji or too short to tell.

    A long vowel with its macron is read in both kana spellings, without one as a short vowel.
    """
    if len(word) < SHORTEST_WORD:
        return []
    readings = [reading for spelling in _spellings(word) for reading in _read(spelling)]
    return [one for one in dict.fromkeys(readings) if len(one) >= SHORTEST_KANA]


def _spellings(word: str) -> list[str]:
    decomposed = unicodedata.normalize("NFD", word).replace("-", "").replace("u\u0304", "uu")
    spellings = [decomposed.replace("o\u0304", long) for long in ("ou", "oo")]
    spellings += [one.replace("nichi", "n'ichi") for one in spellings]
    return [one for one in dict.fromkeys(spellings) if one.isascii()]


def _read(plain: str) -> list[str]:
    read, place = "", 0
    while place < len(plain):
        kana, length = _next(plain, place)
        if not kana:
            return _unfinished(read, plain[place:])
        read, place = read + kana, place + length
    return [read, *_unfinished(read[:-1], "n")] if plain.endswith("n") else [read]


def _next(plain: str, place: int) -> tuple[str, int]:
    for length in range(_LONGEST, 0, -1):
        if kana := _SYLLABLES.get(plain[place : place + length]):
            return kana, length
    letter, after = plain[place], plain[place + 1 : place + 2]
    if (letter == "n" and after != "y") or (letter == "m" and after in {"b", "p", "m"}):
        return "ん", 1
    if letter in _CONSONANTS and (after == letter or plain[place : place + 3] == "tch"):
        return "っ", 1
    return "", 0


def _unfinished(read: str, rest: str) -> list[str]:
    if not rest or not _CONSONANTS.issuperset(rest):
        return []
    ends = {kana[0] for syllable, kana in _SYLLABLES.items() if syllable.startswith(rest)}
    return [read + end for end in sorted(ends)]
