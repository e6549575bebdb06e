"""The operators' admin of the customer record: every write goes through the same services.

Nothing is deleted here: accounts, contacts and contracts are archived, tokens revoked, people
deactivated. The history is read, never written.
"""

from accounts.admin import customers, history, house, outbox, service, sign_in, work

__all__ = ["customers", "history", "house", "outbox", "service", "sign_in", "work"]
