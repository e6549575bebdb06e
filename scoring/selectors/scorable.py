"""Which accounts have a score at all: customers that began and have not left, as of a day.

Who left is read from the facts known at t, which every run's known time equals.
"""

_CUSTOMER = """
a.kind = 'customer' AND a.status <> 'prospect'
AND NOT EXISTS (
  SELECT FROM accounts_accountstatusfact f
  WHERE f.account_id = a.id AND f.status = 'churned' AND f.starts_on <= %(day)s
    AND (f.ends_on IS NULL OR f.ends_on > %(day)s)
    AND f.recorded_at <= %(t)s AND (f.retracted_at IS NULL OR f.retracted_at > %(t)s))
AND (a.status <> 'churned' OR a.churned_on > %(day)s OR EXISTS (
  SELECT FROM accounts_accountstatusfact f WHERE f.account_id = a.id AND f.status = 'churned'))
AND (a.customer_since_on IS NULL OR a.customer_since_on <= %(day)s)
"""

SCORABLE = f"a.archived_at IS NULL AND {_CUSTOMER}"
#: The same for a day that was computed already: who was archived since had a score then.
WAS_SCORABLE = f"(a.archived_at IS NULL OR a.archived_at > %(t)s) AND {_CUSTOMER}"
