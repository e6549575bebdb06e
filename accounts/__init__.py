"""The people who work here and the customers they look after.

Owns organisation, user, team, role, API token; account, hierarchy, contract, contact,
stakeholder map, touchpoint, ticket, invoice, attribute, segment; imports, jobs, the mail outbox,
suppression, idempotency keys and dirty accounts. Facts carry the time at which they were known.
Every queryset of customer data answers `visible_to(user)`; every write is a service in
`accounts.services`. Upper apps add to its pages by files of the same name (`fields.py`,
`panels.py`, `timeline.py`).
"""
