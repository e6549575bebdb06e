"""Names of companies and people that could exist and don't, in Japanese, kana and Latin."""

import random
from dataclasses import dataclass

STEMS = (
    ("青葉", "アオバ", "Aoba"),
    ("白鷺", "シラサギ", "Shirasagi"),
    ("三峰", "ミツミネ", "Mitsumine"),
    ("若松", "ワカマツ", "Wakamatsu"),
    ("北斗", "ホクト", "Hokuto"),
    ("南風", "ハエ", "Hae"),
    ("大和田", "オオワダ", "Owada"),
    ("朝霧", "アサギリ", "Asagiri"),
    ("夕凪", "ユウナギ", "Yunagi"),
    ("銀杏", "イチョウ", "Icho"),
    ("桐生野", "キリュウノ", "Kiryuno"),
    ("千草", "チグサ", "Chigusa"),
    ("竹芝", "タケシバ", "Takeshiba"),
    ("早瀬", "ハヤセ", "Hayase"),
    ("深山", "ミヤマ", "Miyama"),
    ("碧海", "ヘキカイ", "Hekikai"),
    ("星見", "ホシミ", "Hoshimi"),
    ("緑丘", "ミドリオカ", "Midorioka"),
    ("玉城", "タマキ", "Tamaki"),
    ("常磐台", "トキワダイ", "Tokiwadai"),
    ("信楽", "シガラキ", "Shigaraki"),
    ("東雲", "シノノメ", "Shinonome"),
    ("神楽", "カグラ", "Kagura"),
    ("吉備", "キビ", "Kibi"),
    ("霧島野", "キリシマノ", "Kirishimano"),
    ("琴浦", "コトウラ", "Kotoura"),
    ("相生", "アイオイ", "Aioi"),
    ("蔵前", "クラマエ", "Kuramae"),
    ("鶴見台", "ツルミダイ", "Tsurumidai"),
    ("亀岡野", "カメオカノ", "Kameokano"),
    ("藤波", "フジナミ", "Fujinami"),
    ("杉並木", "スギナミキ", "Suginamiki"),
    ("柏葉", "カシワバ", "Kashiwaba"),
    ("楠", "クスノキ", "Kusunoki"),
    ("榛名", "ハルナ", "Haruna"),
    ("立科", "タテシナ", "Tateshina"),
    ("雲仙野", "ウンゼンノ", "Unzenno"),
    ("利根", "トネ", "Tone"),
    ("多摩川", "タマガワ", "Tamagawa"),
    ("富士見", "フジミ", "Fujimi"),
    ("伊吹", "イブキ", "Ibuki"),
    ("那須野", "ナスノ", "Nasuno"),
    ("奥羽", "オウウ", "Ou"),
    ("播磨", "ハリマ", "Harima"),
    ("安芸", "アキ", "Aki"),
    ("讃岐", "サヌキ", "Sanuki"),
)
TRADES = (
    ("精工", "セイコウ", "Precision"),
    ("製作所", "セイサクショ", "Works"),
    ("電子", "デンシ", "Electronics"),
    ("化学工業", "カガクコウギョウ", "Chemical"),
    ("食品", "ショクヒン", "Foods"),
    ("飲料", "インリョウ", "Beverages"),
    ("運輸", "ウンユ", "Transport"),
    ("倉庫", "ソウコ", "Warehouse"),
    ("建材", "ケンザイ", "Building Materials"),
    ("金属", "キンゾク", "Metals"),
    ("樹脂", "ジュシ", "Plastics"),
    ("繊維", "センイ", "Textiles"),
    ("印刷紙業", "インサツシギョウ", "Paper"),
    ("医療機器", "イリョウキキ", "Medical Devices"),
    ("機械", "キカイ", "Machinery"),
    ("光学", "コウガク", "Optics"),
    ("家具", "カグ", "Furniture"),
    ("塗料", "トリョウ", "Coatings"),
    ("包装", "ホウソウ", "Packaging"),
    ("計測", "ケイソク", "Instruments"),
    ("空調設備", "クウチョウセツビ", "Air Systems"),
    ("ガラス", "ガラス", "Glass"),
    ("ゴム", "ゴム", "Rubber"),
    ("製菓", "セイカ", "Confectionery"),
)
FAMILY_NAMES = (
    ("水上", "ミズカミ", "Mizukami"),
    ("大庭", "オオバ", "Oba"),
    ("田辺", "タナベ", "Tanabe"),
    ("片岡", "カタオカ", "Kataoka"),
    ("今井", "イマイ", "Imai"),
    ("小川", "オガワ", "Ogawa"),
    ("原田", "ハラダ", "Harada"),
    ("村上", "ムラカミ", "Murakami"),
    ("石田", "イシダ", "Ishida"),
    ("藤田", "フジタ", "Fujita"),
    ("岡本", "オカモト", "Okamoto"),
    ("長谷川", "ハセガワ", "Hasegawa"),
    ("坂本", "サカモト", "Sakamoto"),
    ("遠藤", "エンドウ", "Endo"),
    ("青木", "アオキ", "Aoki"),
    ("西村", "ニシムラ", "Nishimura"),
    ("福田", "フクダ", "Fukuda"),
    ("太田", "オオタ", "Ota"),
    ("松井", "マツイ", "Matsui"),
    ("中島", "ナカジマ", "Nakajima"),
    ("金子", "カネコ", "Kaneko"),
    ("柴田", "シバタ", "Shibata"),
    ("酒井", "サカイ", "Sakai"),
    ("工藤", "クドウ", "Kudo"),
    ("横山", "ヨコヤマ", "Yokoyama"),
    ("宮崎", "ミヤザキ", "Miyazaki"),
    ("内田", "ウチダ", "Uchida"),
    ("高田", "タカダ", "Takada"),
    ("安藤", "アンドウ", "Ando"),
    ("丸山", "マルヤマ", "Maruyama"),
)
GIVEN_NAMES = (
    ("隆", "タカシ", "Takashi"),
    ("康夫", "ヤスオ", "Yasuo"),
    ("由紀", "ユキ", "Yuki"),
    ("誠", "マコト", "Makoto"),
    ("健一", "ケンイチ", "Kenichi"),
    ("美咲", "ミサキ", "Misaki"),
    ("裕子", "ユウコ", "Yuko"),
    ("大輔", "ダイスケ", "Daisuke"),
    ("直樹", "ナオキ", "Naoki"),
    ("恵子", "ケイコ", "Keiko"),
    ("翔太", "ショウタ", "Shota"),
    ("彩", "アヤ", "Aya"),
    ("剛", "ツヨシ", "Tsuyoshi"),
    ("真由美", "マユミ", "Mayumi"),
    ("浩二", "コウジ", "Koji"),
    ("里奈", "リナ", "Rina"),
    ("学", "マナブ", "Manabu"),
    ("千尋", "チヒロ", "Chihiro"),
    ("修", "オサム", "Osamu"),
    ("麻衣", "マイ", "Mai"),
)
POSTS = (
    ("経営企画部", "部長", "decision_maker"),
    ("製造本部", "本部長", "executive_sponsor"),
    ("生産管理課", "課長", "champion"),
    ("生産管理課", "主任", "day_to_day"),
    ("情報システム部", "課長", "technical_lead"),
    ("経理部", "係長", "billing"),
    ("購買部", "課長", "purchasing"),
    ("品質保証部", "主任", "influencer"),
)


@dataclass(frozen=True)
class CompanyName:
    """A company's name in three scripts."""

    name: str
    kana: str
    latin: str


@dataclass(frozen=True)
class PersonName:
    """A person's name in three scripts, family name first."""

    family: str
    given: str
    family_kana: str
    given_kana: str
    family_latin: str
    given_latin: str


def company_names(rng: random.Random, count: int) -> list[CompanyName]:
    """Return `count` different company names; beyond the combinations a branch number is added."""
    pairs = [(stem, trade) for stem in STEMS for trade in TRADES]
    rng.shuffle(pairs)
    names = []
    for index in range(count):
        stem, trade = pairs[index % len(pairs)]
        branch = index // len(pairs)
        suffix, latin_suffix = (f"第{branch + 1}", f" {branch + 1}") if branch else ("", "")
        front = index % 3 != 0
        base = f"{stem[0]}{trade[0]}{suffix}"
        names.append(
            CompanyName(
                name=f"株式会社{base}" if front else f"{base}株式会社",
                kana=f"{stem[1]}{trade[1]}",
                latin=f"{stem[2]} {trade[2]}{latin_suffix} Co., Ltd.",
            )
        )
    return names


def person_name(rng: random.Random) -> PersonName:
    """Return one person's name."""
    family, given = rng.choice(FAMILY_NAMES), rng.choice(GIVEN_NAMES)
    return PersonName(family[0], given[0], family[1], given[1], family[2], given[2])
