-- A book of 100,000 accounts with as many contacts, 1,000,000 touchpoints and 31 days of scores.
-- Every value follows from its number, so that two books are the same.
ALTER TABLE accounts_account DISABLE TRIGGER USER;
ALTER TABLE accounts_contact DISABLE TRIGGER USER;
ALTER TABLE accounts_touchpoint DISABLE TRIGGER USER;
ALTER TABLE accounts_accountrole DISABLE TRIGGER USER;

CREATE TEMP TABLE book_team ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY id) - 1 AS place, id FROM accounts_team WHERE name LIKE 'book-team-__';
CREATE TEMP TABLE book_user ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY id) - 1 AS place, id FROM accounts_user WHERE username LIKE 'book-user-__';

INSERT INTO accounts_account (external_id, kind, name, short_name, name_kana, name_latin, name_key,
  search_text, language, corporate_number, country, status, phase, tier, touch_model, tracked,
  team_id, currency, arr, mrr, churn_reason, attributes, renewal_on, licensed_users, live_on)
SELECT 'book-' || n, 'customer', name, '', kana, latin, name,
  name || E'\n' || translate(kana, 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポャュョッ',
    'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをんがぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽゃゅょっ')
    || E'\n' || lower(latin) || E'\nbook-' || n,
  'ja', '', 'JP',
  (ARRAY['active','active','active','active','active','active','active','signed','leaving','churned'])[1 + n % 10],
  (ARRAY['onboarding','adoption','adoption','renewal','expansion'])[1 + n % 5],
  (ARRAY['a','b','b','c','c','c','c'])[1 + n % 7], (ARRAY['high','low','tech'])[1 + n % 3], n % 2 = 0,
  t.id, 'JPY', 12000 * (1 + n * 7919 % 2000), 1000 * (1 + n * 7919 % 2000), '',
  jsonb_build_object('plan', (ARRAY['standard','business','enterprise'])[1 + n % 3]),
  CASE WHEN n % 11 > 0 THEN date '2026-04-01' + n * 31 % 700 END, 10 + n % 500, date '2024-01-01' + n % 800
FROM (
  SELECT n, head[1 + n * 7 % 30] || body[1 + n / 30 % 40] || tail[1 + n / 1200 % 12] || (n / 14400 + 1) AS name,
    headkana[1 + n * 7 % 30] || bodykana[1 + n / 30 % 40] AS kana,
    headlatin[1 + n * 7 % 30] || ' ' || bodylatin[1 + n / 30 % 40] || ' Co., Ltd.' AS latin
  FROM generate_series(1, {accounts}) n, (SELECT
    string_to_array('青嶺 春風 水上 北峰 霧島 桐生 相生 杉並 緑丘 富士 星見 吉備 多摩 常磐 藤波 楠 利根 亀岡 南風 三峰 東雲 銀杏 若松 雲仙 竹芝 夕凪 神楽 鶴見 黒部 白波', ' ') AS head,
    string_to_array('アオミネ ハルカゼ ミズカミ キタミネ キリシマ キリュウ アイオイ スギナミ ミドリガオカ フジ ホシミ キビ タマ トキワ フジナミ クスノキ トネ カメオカ ミナミカゼ ミツミネ シノノメ イチョウ ワカマツ ウンゼン タケシバ ユウナギ カグラ ツルミ クロベ シラナミ', ' ') AS headkana,
    string_to_array('Aomine Harukaze Mizukami Kitamine Kirishima Kiryu Aioi Suginami Midorigaoka Fuji Hoshimi Kibi Tama Tokiwa Fujinami Kusunoki Tone Kameoka Minamikaze Mitsumine Shinonome Icho Wakamatsu Unzen Takeshiba Yunagi Kagura Tsurumi Kurobe Shiranami', ' ') AS headlatin,
    string_to_array('精機 商事 製菓 電子 工業 運輸 建設 食品 化学 光学 計測 樹脂 印刷 紙業 繊維 塗料 金属 鋼材 機械 設備 空調 倉庫 物流 包装 薬品 医療 硝子 陶器 木材 家具 時計 楽器 玩具 書籍 通信 情報 保険 証券 農園 水産', ' ') AS body,
    string_to_array('セイキ ショウジ セイカ デンシ コウギョウ ウンユ ケンセツ ショクヒン カガク コウガク ケイソク ジュシ インサツ シギョウ センイ トリョウ キンゾク コウザイ キカイ セツビ クウチョウ ソウコ ブツリュウ ホウソウ ヤクヒン イリョウ ガラス トウキ モクザイ カグ トケイ ガッキ ガング ショセキ ツウシン ジョウホウ ホケン ショウケン ノウエン スイサン', ' ') AS bodykana,
    string_to_array('Seiki Trading Seika Electronics Industries Transport Construction Foods Chemical Optics Instruments Resin Printing Paper Textiles Coatings Metals Steel Machinery Equipment Aircon Warehouse Logistics Packaging Pharma Medical Glass Ceramics Timber Furniture Clocks Music Toys Books Telecom Systems Insurance Securities Farms Fisheries', ' ') AS bodylatin,
    string_to_array('株式会社 有限会社 合同会社 東日本 西日本 関西 九州 東北 中部 北海道 サービス ホールディングス', ' ') AS tail) words
) named JOIN book_team t ON t.place = named.n % (SELECT count(*) FROM book_team)
ORDER BY n;

CREATE TEMP TABLE book_account ON COMMIT DROP AS
SELECT substr(external_id, 6)::int AS n, id FROM accounts_account WHERE external_id LIKE 'book-%';

INSERT INTO accounts_accountrole (starts_on, role, account_id, user_id)
SELECT date '2025-04-01', 'account_manager', a.id, u.id
FROM book_account a JOIN book_user u ON u.place = a.n % (SELECT count(*) FROM book_user);

INSERT INTO accounts_contact (account_id, external_id, family_name, given_name, family_kana, given_kana,
  family_name_latin, given_name_latin, email, phone, department, title, language, state, approach,
  message, is_ghost, search_text)
SELECT a.id, 'book-' || a.n, family, given, familykana, givenkana, familylatin, givenlatin,
  lower(givenlatin || '.' || familylatin) || a.n || '@book.example', '',
  (ARRAY['経営企画部','情報システム部','生産管理課','品質保証部','営業部'])[1 + a.n % 5],
  (ARRAY['部長','課長','主任','係長'])[1 + a.n % 4], 'ja',
  (ARRAY['active','active','active','active','left','transferred'])[1 + a.n % 6], '', '', a.n % 17 = 0,
  family || given || E'\n' || familyhira || givenhira || E'\n' || lower(familylatin || ' ' || givenlatin)
    || E'\n' || lower(givenlatin || '.' || familylatin) || a.n || '@book.example'
FROM book_account a, LATERAL (SELECT
  (string_to_array('田辺 水上 片岡 佐藤 鈴木 高橋 渡辺 伊藤 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 阿部 石川 前田 藤田 岡田 後藤 長谷川 村上 近藤 石井 坂本 遠藤 青木 藤井', ' '))[1 + a.n * 13 % 40] AS family,
  (string_to_array('タナベ ミズカミ カタオカ サトウ スズキ タカハシ ワタナベ イトウ ヤマモト ナカムラ コバヤシ カトウ ヨシダ ヤマダ ササキ ヤマグチ マツモト イノウエ キムラ ハヤシ サイトウ シミズ ヤマザキ モリ イケダ ハシモト アベ イシカワ マエダ フジタ オカダ ゴトウ ハセガワ ムラカミ コンドウ イシイ サカモト エンドウ アオキ フジイ', ' '))[1 + a.n * 13 % 40] AS familykana,
  (string_to_array('たなべ みずかみ かたおか さとう すずき たかはし わたなべ いとう やまもと なかむら こばやし かとう よしだ やまだ ささき やまぐち まつもと いのうえ きむら はやし さいとう しみず やまざき もり いけだ はしもと あべ いしかわ まえだ ふじた おかだ ごとう はせがわ むらかみ こんどう いしい さかもと えんどう あおき ふじい', ' '))[1 + a.n * 13 % 40] AS familyhira,
  (string_to_array('Tanabe Mizukami Kataoka Sato Suzuki Takahashi Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Yamaguchi Matsumoto Inoue Kimura Hayashi Saito Shimizu Yamazaki Mori Ikeda Hashimoto Abe Ishikawa Maeda Fujita Okada Goto Hasegawa Murakami Kondo Ishii Sakamoto Endo Aoki Fujii', ' '))[1 + a.n * 13 % 40] AS familylatin,
  (string_to_array('由紀 隆 誠 翔太 学 千尋 剛 真由美 彩 恵子 浩二 康夫 大輔 麻衣 美咲 裕子', ' '))[1 + a.n / 40 % 16] AS given,
  (string_to_array('ユキ タカシ マコト ショウタ マナブ チヒロ ツヨシ マユミ アヤ ケイコ コウジ ヤスオ ダイスケ マイ ミサキ ユウコ', ' '))[1 + a.n / 40 % 16] AS givenkana,
  (string_to_array('ゆき たかし まこと しょうた まなぶ ちひろ つよし まゆみ あや けいこ こうじ やすお だいすけ まい みさき ゆうこ', ' '))[1 + a.n / 40 % 16] AS givenhira,
  (string_to_array('Yuki Takashi Makoto Shota Manabu Chihiro Tsuyoshi Mayumi Aya Keiko Koji Yasuo Daisuke Mai Misaki Yuko', ' '))[1 + a.n / 40 % 16] AS givenlatin) person
ORDER BY a.n;

INSERT INTO accounts_touchpoint (account_id, type, direction, occurred_at, duration_minutes, subject,
  purpose, body, decisions, sentiment, visibility, source, is_draft, created_by_id)
SELECT a.id, (ARRAY['visit','online_meeting','call','mail','regular_meeting'])[1 + k % 5],
  (ARRAY['two_way','two_way','outbound','inbound'])[1 + (a.n + k) % 4],
  timestamptz '2026-06-01 00:00+00' - make_interval(hours => (a.n * 7 + k * 613) % 17520), 30,
  (ARRAY['定例会','要望の確認','更新の相談','操作説明','障害の報告'])[1 + (a.n + k) % 5], '', '', '', '',
  (ARRAY['account','account','account','team'])[1 + (a.n + k) % 4], 'manual', false, u.id
FROM generate_series(1, 10) k, book_account a JOIN book_user u ON u.place = a.n % (SELECT count(*) FROM book_user)
ORDER BY k, a.n;

INSERT INTO scoring_healthcurrent (account_id, day, score, computed, band, state, coverage, confidence,
  change_30d, kind, computed_at)
SELECT id, date '2026-05-31', score, score,
  CASE WHEN score IS NULL THEN 'not_enough_data' WHEN score < 40 THEN 'critical' WHEN score < 60 THEN 'at_risk'
    WHEN score < 80 THEN 'steady' ELSE 'expansion' END,
  0, 0.9, 80, CASE WHEN score IS NOT NULL THEN n % 41 - 20 END, 'official', timestamptz '2026-05-31 15:10+00'
FROM (SELECT *, CASE WHEN n * 7919 / 7 % 8 > 0 THEN (n * 7919 % 1000) / 10.0::float8 END AS score
  FROM book_account) scored;

INSERT INTO accounts_accounttouch (account_id, last_two_way_at)
SELECT account_id, max(occurred_at) FROM accounts_touchpoint
WHERE direction = 'two_way' AND NOT is_draft AND retracted_at IS NULL GROUP BY account_id;

SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE accounts_account ENABLE TRIGGER USER;
ALTER TABLE accounts_contact ENABLE TRIGGER USER;
ALTER TABLE accounts_touchpoint ENABLE TRIGGER USER;
ALTER TABLE accounts_accountrole ENABLE TRIGGER USER;
