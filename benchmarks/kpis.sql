-- Contracts for the book of `book.sql`: three years of each account, one after the other, most of which
-- grow a little; every eleventh account has left. Two-way talks have somebody in them, and every contact
-- is on the map. Every value follows from its number.
ALTER TABLE accounts_contract DISABLE TRIGGER USER;
ALTER TABLE accounts_contractterm DISABLE TRIGGER USER;
ALTER TABLE accounts_stakeholderrole DISABLE TRIGGER USER;

CREATE TEMP TABLE book_account ON COMMIT DROP AS
SELECT substr(external_id, 6)::int AS n, id FROM accounts_account WHERE external_id LIKE 'book-%';

CREATE TEMP TABLE book_year ON COMMIT DROP AS
SELECT a.id AS account_id, a.n, y AS year, (date '2023-04-01' + a.n % 365) AS first_on
FROM book_account a CROSS JOIN generate_series(0, 2) y;

INSERT INTO accounts_contract (account_id, external_id, product, kind, currency, starts_on, ends_on,
  notice_months, auto_renews, is_public_yearly, payment_days, forecast, approval_state, created_at)
SELECT account_id, 'book-' || n || '-' || year, 'Bench', 'fixed', 'JPY',
  (first_on + make_interval(years => year))::date,
  (first_on + make_interval(years => year + 1) - interval '1 day')::date,
  n % 4, year = 2 AND n % 11 > 0 AND n % 3 > 0, false, 30, '', 'not_started', timestamptz '2023-01-01 00:00+00'
FROM book_year WHERE year < 2 OR n % 11 > 0 ORDER BY n, year;

INSERT INTO accounts_contractterm (contract_id, starts_on, arr, seats, reason, recorded_at, is_declared)
SELECT c.id, c.starts_on, round(12000 * (1 + y.n * 7919 % 2000) * (0.9 + 0.1 * y.year - (y.n % 17 = 0)::int * 0.15 * y.year)),
  10, '', timestamptz '2023-01-01 00:00+00', false
FROM accounts_contract c JOIN book_year y ON c.external_id = 'book-' || y.n || '-' || y.year ORDER BY c.id;

INSERT INTO accounts_touchpoint_contacts (touchpoint_id, contact_id)
SELECT t.id, c.id FROM accounts_touchpoint t JOIN accounts_contact c ON c.account_id = t.account_id
WHERE t.direction = 'two_way' AND c.external_id LIKE 'book-%' ORDER BY t.id;

INSERT INTO accounts_stakeholderrole (account_id, contact_id, role, starts_on, recorded_at, is_declared)
SELECT account_id, id, 'champion', date '2024-01-01', timestamptz '2024-01-01 00:00+00', false
FROM accounts_contact WHERE external_id LIKE 'book-%' ORDER BY id;

SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE accounts_contract ENABLE TRIGGER USER;
ALTER TABLE accounts_contractterm ENABLE TRIGGER USER;
ALTER TABLE accounts_stakeholderrole ENABLE TRIGGER USER;
