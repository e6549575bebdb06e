import pytest

from accounts.choices import Seniority
from accounts.domain.seniority import folded_words, level_of
from accounts.selectors.seniority import shipped_words

WORDS = folded_words({level: shipped_words(level) for level in Seniority.values})
TITLES = {
    "executive": ["代表取締役社長", "代表取締役副社長 兼 COO", "ＣＥＯ兼CTO", "President & CEO",
                  "Managing Director", "院長"],
    "officer": ["取締役 営業本部長", "副社長", "上席執行役員", "Vice President of Sales",
                "Senior Vice President", "CTO", "専務取締役"],
    "director": ["営業部長", "事業本部長", "社長室長", "ｾﾞﾈﾗﾙﾏﾈｰｼﾞｬｰ", "Director, IT",
                 "Head of Operations", "工場長"],
    "manager": ["課長", "部長代理", "副部長", "人事マネージャー", "Engineering Manager", "次長"],
    "lead": ["係長", "課長代理", "主任", "Assistant Manager", "Team Lead"],
    "staff": ["担当", "一般", "Executive Assistant", "社長秘書", "Engineer"],
    "": ["", "RSVP", "cooperation", "顧問", "???"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("title", "level"), [(title, level) for level, ones in TITLES.items() for title in ones]
)
def test_the_word_that_comes_first_decides_and_of_those_the_longest(title, level):
    assert level_of(title, WORDS) == level


def test_without_words_no_title_has_a_level():
    assert level_of("部長", {}) == ""
