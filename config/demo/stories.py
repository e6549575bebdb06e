"""The accounts a tour visits, each with the story it teaches (all fictional)."""

from dataclasses import dataclass, field, replace
from typing import Any

from config.demo.temperaments import EXPANDING, FADING, NOTHING_KNOWN, STEADY, Temperament


@dataclass(frozen=True)
class Story:
    """One named account: who it is, what it is worth, who looks after it, how it lives.

    :param renewal_in: days until the actionable renewal date.
    :param since: days since its first contract started.
    :param people: (family, given, department, title, role, state) of its contacts; the first is
        the one we talk to. An empty tuple takes people from the common pool.
    """

    key: str
    name: str
    kana: str
    latin: str
    tier: str
    touch_model: str
    arr: int
    seats: int
    team: str
    manager: str
    life: Temperament
    renewal_in: int = 150
    since: int = 720
    language: str = "ja"
    currency: str = "JPY"
    status: str = "active"
    phase: str = "adoption"
    parent: str = ""
    via: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    people: tuple[tuple[str, str, str, str, str, str], ...] = ()


AOMINE_PEOPLE = (
    ("田辺", "由紀", "生産管理課", "主任", "day_to_day", "active"),
    ("水上", "隆", "経営企画部", "部長", "decision_maker", "active"),
    ("大庭", "康夫", "製造本部", "取締役 製造本部長", "executive_sponsor", "active"),
    ("片岡", "誠", "生産管理課", "課長", "champion", "transferred"),
)

STORIES: tuple[Story, ...] = (
    Story(
        "aomine", "青嶺精機株式会社", "アオミネセイキ", "Aomine Precision Co., Ltd.", "a", "high",
        18_000_000, 120, "east", "saeki",
        Temperament(share=0.72, days=0.9, share_now=0.06, turned=50, pace=1.2, talk_gap=21,
                    last_talk=63, roles=0.75, tickets=0.1, nps=None),
        renewal_in=74, people=AOMINE_PEOPLE,
    ),
    Story(
        "minatohi", "株式会社みなと灯物流", "ミナトビブツリュウ", "Minatobi Logistics Inc.", "a",
        "high", 12_600_000, 90, "east", "saeki", replace(STEADY, talk_gap=25, roles=1.0),
    ),
    Story(
        "helios", "Helios Foods Asia Pte. Ltd.", "ヘリオスフーズアジア",
        "Helios Foods Asia Pte. Ltd.", "a", "high", 15_000_000, 100, "global", "osei",
        replace(EXPANDING, share=0.97), language="en", fields={"country": "SG"},
    ),
    Story(
        "shirogane", "しろがね薬品株式会社", "シロガネヤクヒン", "Shirogane Pharma Co., Ltd.", "a",
        "high", 12_400_000, 80, "east", "saeki", replace(EXPANDING, open_late=38), renewal_in=135,
    ),
    Story(
        "tsubame", "学校法人つばめ学園", "ツバメガクエン", "Tsubame School Corporation", "b", "low",
        4_200_000, 60, "west", "hayashi",
        Temperament(stopped=15, talk_gap=80, roles=0.3, nps=None), fields={"own_source": True},
    ),
    Story(
        "kotori", "ことり商事株式会社", "コトリショウジ", "Kotori Trading Co., Ltd.", "b", "low",
        3_600_000, 30, "west", "hayashi", replace(STEADY, talk_gap=90, last_talk=150, nps=None),
        renewal_in=45,
    ),
    Story(
        "tsunagu", "ツナグ電機株式会社", "ツナグデンキ", "Tsunagu Electric Co., Ltd.", "a", "high",
        9_800_000, 70, "east", "mori", STEADY,
    ),
    Story(
        "tsunagu_east", "ツナグ電機東日本株式会社", "ツナグデンキヒガシニホン",
        "Tsunagu Electric East Co., Ltd.", "b", "low", 6_200_000, 50, "east", "mori", EXPANDING,
        parent="tsunagu",
    ),
    Story(
        "tsunagu_kansai", "ツナグ電機関西株式会社", "ツナグデンキカンサイ",
        "Tsunagu Electric Kansai Co., Ltd.", "b", "low", 4_100_000, 40, "west", "hayashi", STEADY,
        parent="tsunagu",
    ),
    Story(
        "tsunagu_service", "ツナグ電機サービス株式会社", "ツナグデンキサービス",
        "Tsunagu Electric Service Co., Ltd.", "b", "low", 3_100_000, 30, "west", "hayashi",
        replace(FADING, share_now=0.03, last_talk=140, open_late=65, open_critical=6),
        parent="tsunagu",
    ),
    Story(
        "kitamine", "北峰建設株式会社", "キタミネケンセツ", "Kitamine Construction Co., Ltd.", "b",
        "low", 5_400_000, 45, "east", "mori",
        Temperament(share=0.22, days=0.35, share_now=0.66, turned=90, talk_gap=30, roles=1.0),
    ),
    Story(
        "akatsuki", "あかつき食品株式会社", "アカツキショクヒン", "Akatsuki Foods Co., Ltd.", "b",
        "low", 4_800_000, 40, "west", "hayashi", replace(FADING, turned=330, stopped=200),
        status="churned", phase="leaving",
        fields={"churned": 200, "churn_reason": "champion_left"},
    ),
    Story(
        "mizuha", "瑞葉リース株式会社", "ミズハリース", "Mizuha Leasing Co., Ltd.", "b", "low",
        5_600_000, 40, "east", "mori", replace(STEADY, share=0.4), status="leaving",
        phase="leaving", fields={"notice": 25},
    ),
    Story(
        "orizuru", "株式会社おりづる印刷", "オリヅルインサツ", "Orizuru Printing Inc.", "b", "low",
        2_900_000, 25, "east", "saeki", Temperament(share=0.2, days=0.3, talk_gap=14, nps=None),
        since=70, phase="onboarding",
    ),
    Story(
        "shiranami", "白波ホテルズ株式会社", "シラナミホテルズ", "Shiranami Hotels Co., Ltd.", "a",
        "high", 14_200_000, 110, "west", "mori", replace(STEADY, share=0.7, talk_gap=25, roles=1.0),
    ),
    Story(
        "kakehashi", "架橋ソリューションズ株式会社", "カケハシソリューションズ",
        "Kakehashi Solutions Co., Ltd.", "b", "low", 0, 0, "west", "hayashi", NOTHING_KNOWN,
        fields={"kind": "partner"},
    ),
    *(
        Story(
            f"via_{index}", name, kana, latin, "c", "tech", arr, 10, "tech", "osei",
            replace(STEADY, talk_gap=0), via="kakehashi",
        )
        for index, (name, kana, latin, arr) in enumerate(
            (
                ("有限会社まるやま工務店", "マルヤマコウムテン", "Maruyama Builders Ltd.", 620_000),
                ("有限会社はしもと木材", "ハシモトモクザイ", "Hashimoto Timber Ltd.", 540_000),
                ("合同会社ひかり板金", "ヒカリバンキン", "Hikari Sheet Metal LLC", 480_000),
                ("株式会社よつば設備", "ヨツバセツビ", "Yotsuba Facilities Inc.", 900_000),
                ("有限会社こがね塗装", "コガネトソウ", "Kogane Painting Ltd.", 360_000),
                ("株式会社ほしの電工", "ホシノデンコウ", "Hoshino Electric Works Inc.", 720_000),
            )
        )
    ),
    Story(
        "rowan", "Rowan & Pike Ltd", "ローワンアンドパイク", "Rowan & Pike Ltd", "b", "low", 24_800,
        80, "global", "osei", replace(FADING, share_now=0.35, nps=4), language="en",
        currency="GBP", fields={"country": "GB", "seats_before": 120, "growth": 1.5},
    ),
    Story(
        "sakuradai", "さくら台市", "サクラダイシ", "Sakuradai City", "b", "low", 6_600_000, 75,
        "east", "mori", replace(STEADY, talk_gap=50), fields={"public": True},
    ),
    Story(
        "yukiakari", "雪灯酒造株式会社", "ユキアカリシュゾウ", "Yukiakari Sake Brewery Co., Ltd.",
        "b", "low", 2_400_000, 20, "east", "mori", replace(STEADY, dip_months=(7, 8, 9)),
    ),
    Story(
        "takanami", "たかなみ商店", "タカナミショウテン", "Takanami Store", "c", "tech", 480_000, 8,
        "tech", "osei", replace(STEADY, share=0.42, days=0.4, talk_gap=0),
    ),
    Story(
        "hinata_a", "株式会社ひなた工業", "ヒナタコウギョウ", "Hinata Industries Inc.", "c", "tech",
        840_000, 12, "tech", "osei", replace(STEADY, talk_gap=0),
        fields={"corporate_number": "5000012345672"},
    ),
    Story(
        "hinata_b", "ひなた工業(株)", "ヒナタコウギョウ", "Hinata Industries Inc.", "c", "tech",
        0, 0, "tech", "osei", NOTHING_KNOWN, fields={"corporate_number": "5000012345672"},
    ),
)  # fmt: skip
