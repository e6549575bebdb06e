-- A book of %(accounts)s accounts whose every kind of fact feeds a metric of the starter scorecard:
-- 90 daily rows of usage, five users, two contacts, four talks, tickets, invoices, contracts each.
-- Every value follows from its number, so that two books are the same. The source stays alive through
-- the nights that are computed ahead, else usage were missing and nobody had a score.
SELECT scoring_add_usage_months(%(day)s::date - 100, %(day)s::date + 62);
INSERT INTO scoring_eventname (name, counts_users, summed_property)
SELECT 'Bench event ' || n, n = 1, '' FROM generate_series(1, 6) n ON CONFLICT DO NOTHING;
INSERT INTO scoring_sourceday (day, last_arrival_at, items, write_key_id)
SELECT %(day)s::date - d, app_now() - d * interval '1 day' - interval '1 minute', 1000, %(key)s
FROM generate_series(-10, 3) d ON CONFLICT DO NOTHING;

INSERT INTO accounts_account (external_id, kind, name, short_name, name_kana, name_latin, name_key,
  search_text, language, corporate_number, country, status, phase, tier, touch_model, tracked,
  team_id, currency, arr, mrr, churn_reason, attributes, customer_since_on, live_on, licensed_users)
SELECT 'bench-score-' || n, 'customer', 'Bench ' || n, '', '', '', 'bench' || n, 'bench' || n, 'ja',
  '', 'JP', 'active', 'adoption', (ARRAY['a','b','c'])[1 + n %% 3], (ARRAY['high','low','tech'])[1 + n %% 3],
  true, %(team)s, 'JPY', 1200000, 100000, '', '{}', %(day)s::date - 500 - n %% 400, %(day)s::date - 400, 10
FROM generate_series(1, %(accounts)s) n;

CREATE TEMP TABLE bench_book AS
SELECT id, split_part(external_id, '-', 3)::int AS n FROM accounts_account
WHERE external_id LIKE 'bench-score-%%' ORDER BY id;
ANALYZE bench_book;

INSERT INTO accounts_contract (product, kind, currency, starts_on, ends_on, notice_months, auto_renews,
  is_public_yearly, payment_days, forecast, approval_state, account_id)
SELECT 'Bench', 'open_ended', 'JPY', %(day)s::date - 500, NULL, 3, false, false, 30, '', '', id FROM bench_book;
INSERT INTO accounts_contractterm (starts_on, ends_on, arr, seats, contract_id)
SELECT %(day)s::date - 500, %(day)s::date - 200, 1000000, 10, c.id
FROM accounts_contract c WHERE c.product = 'Bench'
UNION ALL
SELECT %(day)s::date - 200, NULL, 1200000, 10, c.id FROM accounts_contract c WHERE c.product = 'Bench';

INSERT INTO accounts_contact (account_id, external_id, family_name, given_name, family_kana, given_kana,
  family_name_latin, given_name_latin, email, phone, department, title, language, state, approach,
  message, is_ghost, search_text)
SELECT id, 'bench-score-' || n || '-' || k, '', '', '', '', '', '', n || '.' || k || '@bench.example', '',
  '', '', 'ja', 'active', '', '', false, n::text
FROM bench_book, generate_series(1, 2) k;
CREATE TEMP TABLE bench_person AS
SELECT c.id, c.account_id, split_part(c.external_id, '-', 4)::int AS k, b.n
FROM accounts_contact c JOIN bench_book b ON b.id = c.account_id;
INSERT INTO accounts_stakeholderrole (starts_on, role, confirmed_on, account_id, contact_id)
SELECT %(day)s::date - 300, role, %(day)s::date - n %% 500, account_id, id
FROM bench_person, unnest(CASE k WHEN 1 THEN ARRAY['decision_maker', 'executive_sponsor']
  ELSE ARRAY['champion', 'day_to_day'] END) role WHERE n %% 5 > 0 OR k = 1;

INSERT INTO accounts_touchpoint (account_id, type, direction, occurred_at, subject, purpose, body,
  decisions, sentiment, visibility, source, is_draft)
SELECT id, 'call', 'two_way', app_now() - (n %% 40 + 40 * k) * interval '1 day' - interval '1 hour', 'bench',
  '', '', '', '', 'account', 'manual', false FROM bench_book, generate_series(0, 3) k;
INSERT INTO accounts_touchpoint_contacts (touchpoint_id, contact_id)
SELECT t.id, p.id FROM accounts_touchpoint t JOIN bench_person p ON p.account_id = t.account_id
WHERE t.subject = 'bench' AND (p.n + p.k) %% 2 = 0;
INSERT INTO accounts_touchpointsignal (signal, touchpoint_id)
SELECT (ARRAY['complaint', 'competitor', 'budget_cut', 'reference'])[1 + id %% 4], id
FROM accounts_touchpoint WHERE subject = 'bench' AND id %% 10 = 0;

INSERT INTO accounts_ticket (account_id, subject, severity, opened_at, resolved_at, csat, state)
SELECT id, 'bench', (ARRAY['low', 'normal', 'high', 'critical'])[1 + (n + k) %% 4],
  app_now() - (n %% 60 + 10 + k * 7) * interval '1 day',
  app_now() - (n %% 60 + 6 + k * 7) * interval '1 day', 1 + (n + k) %% 5, 'resolved'
FROM bench_book, generate_series(1, 3) k;
INSERT INTO accounts_ticketstatefact (ticket_id, state, starts_on, ends_on)
SELECT id, 'open', opened_at::date, opened_at::date + 4 FROM accounts_ticket WHERE subject = 'bench'
UNION ALL SELECT id, 'resolved', opened_at::date + 4, NULL FROM accounts_ticket WHERE subject = 'bench';

INSERT INTO accounts_invoice (account_id, external_id, issued_on, due_on, amount, currency)
SELECT id, 'bench-score-' || n || '-' || k, %(day)s::date - 30 * k - 30, %(day)s::date - 30 * k, 100000, 'JPY'
FROM bench_book, generate_series(1, 3) k;
INSERT INTO accounts_invoicepayment (invoice_id, paid_on, amount)
SELECT id, due_on + (account_id %% 9)::int - 4, amount FROM accounts_invoice
WHERE external_id LIKE 'bench-score-%%' AND account_id %% 50 > 0;

INSERT INTO scoring_usageuser (account_id, user_key)
SELECT id, 'u' || k FROM bench_book, generate_series(1, 5) k ORDER BY 1, 2;
INSERT INTO scoring_usermonth (account_id, month, series_id, user_id, days)
SELECT u.account_id, m::date, s.id, u.id,
  ((u.id * 2654435761 + extract(month FROM m)::int * 40503 + s.id * 97) %% 268435456)::int
FROM scoring_usageuser u
JOIN bench_book b ON b.id = u.account_id
CROSS JOIN generate_series(date_trunc('month', %(day)s::date - 65), %(day)s::date, interval '1 month') m
CROSS JOIN (SELECT 0 AS id UNION ALL SELECT id FROM scoring_eventname WHERE counts_users) s
ORDER BY u.account_id, 2, 3, 4;
INSERT INTO scoring_usageday (account_id, day, series_id, known_on, n)
SELECT b.id, %(day)s::date - d, e.id, %(day)s::date - d, 1 + (b.n + d) %% 9
FROM bench_book b CROSS JOIN generate_series(1, %(days)s) d
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM scoring_eventname WHERE name LIKE 'Bench event%%') e
  ON e.place = (b.n + d) %% 6
ORDER BY b.id, 2, 3;
DROP TABLE bench_book, bench_person;
