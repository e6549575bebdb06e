"""Kanji of names that are written in more than one shape: 髙橋 is 高橋, 渡邊 and 渡邉 are 渡辺.

Only what is searched by or compared is folded by them, never what is shown. The pairs come from the
Table of Jōyō Kanji (2010, the traditional shapes it puts in brackets), from the kanji for given
names of the Family Register Act (schedule 2 of its regulations) and, for shapes of family registers
such as 髙, 﨑 and 𠮷, from JIS X 0213 and the IBM extensions of JIS X 0208. Shapes that are
names of their own (阪, 碕, 庄, 薗) stand apart.
"""

#: Each begins with the shape all others are folded to; compatibility shapes fold by NFKC already.
GROUPS = (
    "高髙 崎﨑嵜 辺邊邉 浜濱濵 斎齋斉齊 沢澤 島嶋嶌 徳德 恵惠 広廣 真眞 瀬瀨 国國圀 桜櫻 竜龍 "
    "吉𠮷 関關 豊豐 静靜 富冨 峰峯 渕淵渊 館舘 滝瀧 桧檜 槙槇 尭堯 遥遙 荘莊 薮藪 児兒 実實 "
    "寿壽 寛寬 将將 弥彌 彦彥 応應 恒恆 暁曉 栄榮 楽樂 条條 横橫 歩步 温溫 満滿 沖冲 浅淺 "
    "渋澁澀 湾灣 与與 万萬 亜亞 来來 伝傳 仏佛 会會 亀龜 円圓 剣劍劔 勲勳 区區 参參 双雙 塩鹽 "
    "学學 宝寶寳 専專 岳嶽 巌巖 帯帶 庁廳 従從 戸戶 晋晉 曽曾 桑桒 様樣 歳歲 浄淨 清淸 済濟 "
    "為爲 瑶瑤 発發 県縣 祢禰 禄祿 禅禪 秋穐 称稱 稲稻 穂穗 穣穰 経經 総總 緑綠 縄繩 聡聰 "
    "芦蘆 芸藝 蔵藏 薫薰 蛍螢 衛衞 覚覺 観觀 譲讓 郷鄕 野埜 鉄鐵 録錄 隣鄰 青靑 頼賴 顕顯 "
    "鴬鶯 鴎鷗 鶴靏靍 麦麥 黄黃 黒黑 船舩 松枩 柳栁 橋槗 場塲 土圡 慎愼 桝枡 涛濤 珍珎 頴穎 "
    "呉吳 喜㐂 図圖 団團 売賣 壮壯 奥奧 姫姬 桟棧 灯燈 産產 絵繪 両兩 誉譽 医醫 薬藥 鉱鑛 "
    "営營 労勞 厳嚴 写寫 凛凜 内內 舎舍 柏栢"
)
VARIANTS = {variant: group[0] for group in GROUPS.split() for variant in group[1:]}
#: For `str.translate`.
COMMON_SHAPES = str.maketrans(VARIANTS)
