"""Which accounts have a score at all: customers that began and have not left, as of a day."""

SCORABLE = """
a.kind = 'customer' AND a.archived_at IS NULL AND a.status <> 'prospect'
AND (a.status <> 'churned' OR a.churned_on > %(day)s)
AND (a.customer_since_on IS NULL OR a.customer_since_on <= %(day)s)
"""
