"""Ids in other systems in the shape their import reads, of the records in the files beside them."""

from accounts.services.exports.import_files import ACCOUNT_ID, CONTACT_ID, LIVE, LIVE_CONTACT
from accounts.services.merges.records import OWN_SYSTEM
from accounts.services.own_codes import id_or_code

_OF_KIND = """
SELECT {account} AS account_external_id, e.kind, {record} AS record_external_id, e.source, e.value,
  e.id
FROM accounts_externalref e {joins} WHERE e.kind = '{kind}' AND {live} AND {standing}
"""


def _of(kind: str, record: str, standing: str = "true") -> str:
    alias = "c" if kind == "contact" else "t"
    joins = (
        "JOIN accounts_account a ON a.id = e.object_id"
        if kind == "account"
        else f"JOIN accounts_{kind} {alias} ON {alias}.id = e.object_id"
        f" JOIN accounts_account a ON a.id = {alias}.account_id"
    )
    return _OF_KIND.format(
        account=ACCOUNT_ID, kind=kind, record=record, joins=joins, live=LIVE, standing=standing
    )


_EVERY = [
    _of("account", "NULL::text"),
    _of("contact", CONTACT_ID, LIVE_CONTACT),
    _of("contract", id_or_code("t"), "t.archived_at IS NULL"),
    _of("touchpoint", id_or_code("t", "a"), "t.retracted_at IS NULL AND NOT t.is_draft"),
    _of("ticket", id_or_code("t", "a"), "t.retracted_at IS NULL"),
    _of("invoice", id_or_code("t", "a"), "t.retracted_at IS NULL"),
]
#: Own-system ids that merged records left behind come with none: the records are not there.
EXTERNAL_IDS = f"""
SELECT account_external_id, kind, record_external_id, source, value
FROM ({" UNION ALL ".join(_EVERY)}) every WHERE source <> '{OWN_SYSTEM}' ORDER BY id
"""  # noqa: S608
