import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.domain.names import (
    JAPANESE_FORMS,
    LATIN_ENDINGS,
    LATIN_FORMS,
    LATIN_WORDS,
    LONGEST_KEY,
    fold_for_search,
    fold_width_and_case,
    name_key,
)
from config.lib.kanji import GROUPS, VARIANTS

NAMES = st.text(
    st.sampled_from("青嶺髙會精機さクラ株式会社(有)・ 　㈱㍿incokltdgmbhpte.,ZＩＮＣａ1９")
    | st.characters(codec="utf-8"),
    max_size=20,
)
STEMS = st.text(st.sampled_from("青嶺精機東山さくらサクラ"), min_size=1, max_size=6)


@pytest.mark.parametrize(
    "name",
    [
        "株式会社 青嶺精機",
        "青嶺精機㈱",
        "青嶺精機㍿",
        "(株)青嶺精機",
        "青嶺精機（株）",
        "青嶺・精機　株式会社",
        "青嶺･精機有限会社",
        "㈲青嶺精機",
        "合同会社青嶺精機",
        "合資会社 青嶺精機",
        "一般社団法人青嶺精機",
        "公益財団法人青嶺精機",
        "学校法人青嶺精機",
        "医療法人 青嶺精機",
        "独立行政法人青嶺精機",
        "青嶺精機 Inc.",
        "青嶺精機Co.,Ltd.",
        "青嶺精機 Limited",
        "青嶺精機Corporation",
        "合名会社青嶺精機",
        "㈴青嶺精機",
        "青嶺精機(資)",
        "(同)青嶺精機",
        "相互会社青嶺精機",
        "公益社団法人 青嶺精機",
        "㈳青嶺精機",
        "(一財)青嶺精機",
        "社会福祉法人青嶺精機",
        "特定非営利活動法人青嶺精機",
        "ＮＰＯ法人 青嶺精機",
        "国立大学法人青嶺精機",
        "医療法人社団青嶺精機",
    ],
)
def test_japanese_spellings_of_one_company_share_a_key(name):
    assert name_key(name) == "青嶺精機"


@pytest.mark.parametrize(
    "name",
    [
        "Aomine Seiki",
        "AOMINE SEIKI, Inc.",
        "Ａｏｍｉｎｅ　Ｓｅｉｋｉ Co., Ltd.",
        "Aomine Seiki Co.Ltd",
        "Aomine Seiki K.K.",
        "KK Aomine Seiki",
        "Aomine Seiki LLC",
        "Aomine Seiki GmbH",
        "Aomine Seiki Pte. Ltd.",
        "株式会社Aomine Seiki Inc",
        "Aomine Seiki Ltd",
        "Ltd. Aomine Seiki",
        "Aomine Seiki Limited",
        "Aomine Seiki Co., Limited",
        "Aomine Seiki Corp.",
        "AOMINE SEIKI CORPORATION",
        "Aomine Seiki, Incorporated",
        "Aomine Seiki Company",
        "Aomine Seiki & Co.",
        "Aomine Seiki Co.",
        "Aomine Seiki Pte",
        "Aomine Seiki Private Limited",
        "Aomine Seiki Pvt. Ltd.",
        "Aomine Seiki Pty Ltd",
        "Aomine Seiki Sdn. Bhd.",
        "Aomine Seiki S.A.",
        "Aomine Seiki S.p.A.",
        "Aomine Seiki S.r.l.",
        "Aomine Seiki AG",
        "Aomine Seiki GmbH & Co. KG",
        "Aomine Seiki B.V.",
        "Aomine Seiki N.V.",
        "Aomine Seiki Plc",
        "Aomine Seiki LLP",
    ],
)
def test_latin_spellings_of_one_company_share_a_key(name):
    assert name_key(name) == "aomineseiki"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Zinc", "zinc"),
        ("KKR", "kkr"),
        ("Incubate Co Ltd", "incubate"),
        ("東株式会社西", "東株式会社西"),
        ("株式会社", "株式会社"),
        ("KK", "kk"),
        ("INC Inc.", "inc"),
        ("Texaco", "texaco"),
        ("Visa", "visa"),
        ("Co-op", "co-op"),
        ("AG Seiki", "agseiki"),
        ("SA Recycling LLC", "sarecycling"),
        ("テクノSE", "テクノse"),
        ("Limited", "limited"),
        ("Limited Brands", "limitedbrands"),
        ("Corporation Service Company", "corporationservice"),
        ("(株)", "(株)"),
        ("", ""),
        ("さくら", "さくら"),
        ("サクラ", "サクラ"),
    ],
)
def test_only_a_form_at_an_end_is_cut_and_never_the_whole_name(name, key):
    assert name_key(name) == key


@given(NAMES)
@example("青嶺 in c")
@example("株式 会社青嶺")
@example("ǅ．ﬀİ")
def test_a_key_is_its_own_key_and_fits_the_column(name):
    key = name_key(name)
    assert name_key(key) == key
    assert len(name_key(name * 50)) <= LONGEST_KEY


@given(STEMS, NAMES)
def test_no_name_with_a_letter_has_an_empty_key(stem, rest):
    assert name_key(stem + rest)


@given(STEMS, st.sampled_from(JAPANESE_FORMS), st.sampled_from(["", " ", "　"]))
def test_a_form_in_front_or_behind_changes_no_key(stem, form, space):
    assert name_key(form + space + stem) == name_key(stem + space + form) == name_key(stem)


@given(NAMES)
def test_folding_for_search_twice_is_folding_once(text):
    folded = fold_for_search(text)
    assert fold_for_search(folded) == folded
    assert fold_width_and_case(fold_width_and_case(text)) == fold_width_and_case(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｶﾞｲﾄﾞ", "がいど"),
        ("ガイド", "がいど"),
        ("ヴァイオリン", "ゔぁいおりん"),
        ("ＡＢＣ", "abc"),
        ("Straße", "STRASSE"),
        ("山田　太郎", "山田 太郎"),
        ("コーヒー", "こーひー"),
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("渡邉", "渡辺"),
        ("渡邊", "渡邉"),
        ("濵田", "濱田"),
        ("濱田", "浜田"),
        ("齋藤", "斎藤"),
        ("齊藤", "斉藤"),
        ("斉藤", "斎藤"),
        ("小澤", "小沢"),
        ("中嶋", "中島"),
        ("嶌田", "島田"),
        ("德田", "徳田"),
        ("惠子", "恵子"),
        ("廣瀨", "広瀬"),
        ("眞田", "真田"),
        ("國分", "国分"),
        ("櫻井", "桜井"),
        ("坂本龍一", "坂本竜一"),
        ("𠮷田", "吉田"),
    ],
)
def test_search_finds_either_spelling(one, other):
    assert fold_for_search(one) == fold_for_search(other)


@pytest.mark.parametrize(("one", "other"), [("大阪", "大坂"), ("庄司", "荘司"), ("薗田", "園田")])
def test_shapes_that_are_names_of_their_own_stand_apart(one, other):
    assert fold_for_search(one) != fold_for_search(other)


def test_a_shape_is_folded_to_one_that_is_folded_itself():
    shapes = "".join(GROUPS.split())
    assert len(set(shapes)) == len(shapes)
    assert not set(VARIANTS) & set(VARIANTS.values())
    assert all(fold_width_and_case(shape) == shape for shape in shapes)


@pytest.mark.parametrize("name", ["髙﨑商會株式会社", "高崎商会株式會社", "㈱髙崎商会"])
def test_shapes_of_kanji_make_no_other_company(name):
    assert name_key(name) == "高崎商会"


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3096)))
def test_hiragana_and_katakana_are_equal_in_search(hiragana):
    katakana = "".join(chr(ord(letter) + 0x60) for letter in hiragana)
    assert fold_for_search(katakana) == fold_for_search(hiragana) == hiragana


ALL_FORMS = (*LATIN_FORMS, *LATIN_WORDS, *LATIN_ENDINGS)
WORDS_OF_FORMS = {word for form in ALL_FORMS for word in form.split()}


@given(
    st.text(st.sampled_from("abdeghimnortu"), min_size=3, max_size=8).filter(
        lambda stem: stem not in WORDS_OF_FORMS
    ),
    st.sampled_from(ALL_FORMS),
    st.sampled_from([str, str.upper, str.title]),
)
def test_a_latin_form_behind_changes_no_key(stem, form, case):
    assert name_key(f"{stem} {case(form)}") == name_key(stem)
