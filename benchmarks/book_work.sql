-- What a book of customers collects: contracts, invoices, tickets, to-dos, milestones, roles.
-- Every value follows from the account's number, as in book.sql.
ALTER TABLE accounts_contract DISABLE TRIGGER USER;
ALTER TABLE accounts_contractterm DISABLE TRIGGER USER;
ALTER TABLE accounts_invoice DISABLE TRIGGER USER;
ALTER TABLE accounts_invoicepayment DISABLE TRIGGER USER;
ALTER TABLE accounts_ticket DISABLE TRIGGER USER;
ALTER TABLE accounts_touchpointtodo DISABLE TRIGGER USER;
ALTER TABLE accounts_onboardingmilestone DISABLE TRIGGER USER;
ALTER TABLE accounts_stakeholderrole DISABLE TRIGGER USER;

CREATE TEMP TABLE book_place ON COMMIT DROP AS
SELECT substr(a.external_id, 6)::int AS n, a.id, a.arr, c.id AS contact_id, r.user_id
FROM accounts_account a JOIN accounts_contact c ON c.account_id = a.id
JOIN accounts_accountrole r ON r.account_id = a.id WHERE a.external_id LIKE 'book-%';

INSERT INTO accounts_contract (account_id, external_id, product, kind, currency, starts_on, ends_on,
  notice_months, auto_renews, is_public_yearly, payment_days, forecast, approval_state)
SELECT id, 'book-' || n, (ARRAY['基本プラン','分析オプション','保守'])[1 + n % 3],
  CASE WHEN n % 11 > 0 THEN 'fixed' ELSE 'open_ended' END, 'JPY', date '2025-04-01' + n * 31 % 300,
  CASE WHEN n % 11 > 0 THEN date '2026-04-01' + n * 31 % 700 END, n % 4, n % 3 = 0, n % 40 = 0, 30,
  (ARRAY['confirmed','likely','at_risk',''])[1 + n % 4], ''
FROM book_place ORDER BY n;

INSERT INTO accounts_contractterm (contract_id, starts_on, ends_on, arr)
SELECT c.id, c.starts_on, c.ends_on, p.arr
FROM accounts_contract c JOIN book_place p ON p.id = c.account_id ORDER BY c.id;

INSERT INTO accounts_invoice (account_id, contract_id, external_id, issued_on, due_on, amount, currency)
SELECT p.id, c.id, 'book-' || p.n || '-' || k, date '2026-05-01' - 90 * k + p.n % 30,
  date '2026-06-01' - 90 * k + p.n % 30, greatest(p.arr / 4, 1), 'JPY'
FROM generate_series(0, 2) k, book_place p JOIN accounts_contract c ON c.account_id = p.id ORDER BY k, p.n;

INSERT INTO accounts_invoicepayment (invoice_id, paid_on, amount)
SELECT id, due_on + (id % 7)::int - 5, CASE WHEN id % 13 > 0 THEN amount ELSE amount / 2 END
FROM accounts_invoice WHERE id % 10 > 0 ORDER BY id;

INSERT INTO accounts_ticket (account_id, contact_id, external_id, subject, severity, state, opened_at,
  resolved_at, csat)
SELECT id, contact_id, 'book-' || n || '-' || k, (ARRAY['画面が開かない','帳票の相談','権限の追加','連携の停止'])[1 + (n + k) % 4],
  (ARRAY['critical','high','normal','normal','normal','low','low'])[1 + (n + k) % 7],
  CASE WHEN (n + k) % 5 > 0 THEN 'resolved' WHEN n % 2 = 0 THEN 'open' ELSE 'waiting' END, opened,
  CASE WHEN (n + k) % 5 > 0 THEN opened + make_interval(hours => 3 + n % 90) END,
  CASE WHEN (n + k) % 3 = 0 THEN 1 + n % 5 END
FROM (SELECT *, timestamptz '2026-05-31 00:00+00' - make_interval(hours => (n * 11 + k * 977) % 8760) AS opened
  FROM book_place, generate_series(1, 2) k) asked ORDER BY opened;

INSERT INTO accounts_touchpointtodo (touchpoint_id, talk_account, is_standing, side, text, due_on,
  done_on, user_id, contact_id)
SELECT t.id, t.account_id, NOT t.is_draft AND t.retracted_at IS NULL, CASE WHEN t.id % 3 = 0 THEN 'theirs' ELSE 'ours' END,
  (ARRAY['見積を送る','操作手順を送る','次回の日程を決める'])[1 + t.id % 3], t.occurred_at::date + 7,
  CASE WHEN t.id % 4 > 0 THEN t.occurred_at::date + 5 END,
  CASE WHEN t.id % 3 > 0 THEN p.user_id END, CASE WHEN t.id % 3 = 0 THEN p.contact_id END
FROM accounts_touchpoint t JOIN book_place p ON p.id = t.account_id WHERE t.id % 7 = 0 ORDER BY t.id;

INSERT INTO accounts_onboardingmilestone (account_id, key, label_en, label_ja, due_on, done_on, is_first_value)
SELECT id, 'step-' || k, 'Step ' || k, '手順' || k, date '2026-03-01' + n % 90 + 14 * k,
  CASE WHEN (n + k) % 4 > 0 THEN date '2026-03-01' + n % 90 + 14 * k - 2 END, k = 3
FROM book_place, generate_series(1, 4) k WHERE n % 5 = 0 ORDER BY n, k;

INSERT INTO accounts_stakeholderrole (account_id, contact_id, role, starts_on, confirmed_on)
SELECT id, contact_id, (ARRAY['champion','decision_maker','day_to_day','economic_buyer'])[1 + n % 4],
  date '2025-04-01', date '2026-01-01' + n % 150
FROM book_place ORDER BY n;

INSERT INTO accounts_touchpoint_contacts (touchpoint_id, contact_id)
SELECT t.id, p.contact_id FROM accounts_touchpoint t JOIN book_place p ON p.id = t.account_id ORDER BY t.id;

SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE accounts_contract ENABLE TRIGGER USER;
ALTER TABLE accounts_contractterm ENABLE TRIGGER USER;
ALTER TABLE accounts_invoice ENABLE TRIGGER USER;
ALTER TABLE accounts_invoicepayment ENABLE TRIGGER USER;
ALTER TABLE accounts_ticket ENABLE TRIGGER USER;
ALTER TABLE accounts_touchpointtodo ENABLE TRIGGER USER;
ALTER TABLE accounts_onboardingmilestone ENABLE TRIGGER USER;
ALTER TABLE accounts_stakeholderrole ENABLE TRIGGER USER;

-- Figures kept beside rows follow from facts by their triggers, as whenever facts are written.
UPDATE accounts_contractterm SET arr = arr;
UPDATE accounts_invoicepayment SET amount = amount;
