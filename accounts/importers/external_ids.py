"""Files of ids in other systems: one row one id of one record."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.choices import IdentifiedKind, RecordKind
from accounts.domain.cells import CellFault, text_cell
from accounts.domain.import_columns import Column
from accounts.registry import Preview, Restoring, Takeout, importers, previews, restorings, takeouts
from accounts.services.exports.import_ids import EXTERNAL_IDS
from accounts.services.external_ids import BadSource, check_source
from accounts.services.imports.external_id_files import (
    account_of,
    plan_external_ids,
    write_external_ids,
)
from accounts.services.imports.stage import Stage
from accounts.services.imports.words import account_id_column, choice_cell

LONGEST_SOURCE = 40
_LABEL = """
(SELECT a.name || ' · ' FROM accounts_account a WHERE a.id = p.account_id)
  || p.source || ':' || p.value
"""
_SOURCE = text_cell(LONGEST_SOURCE)


def source_cell(text: str) -> str:
    """Take the name of a system, whatever its case.

    :raises CellFault: for what can be none (`source`).
    """
    source = re.sub(r"\s+", "_", _SOURCE(text).lower())
    try:
        check_source(source)
    except BadSource as error:
        raise CellFault("source") from error
    return source


COLUMNS = (
    account_id_column(is_required=True, others=("顧客",)),
    Column(
        "kind",
        _("kind"),
        choice_cell(IdentifiedKind),
        ("record type", "object", "種別", "オブジェクト"),
        is_required=True,
        is_key=True,
    ),
    Column(
        "record_external_id",
        _("id of the record"),
        text_cell(128),
        ("record", "record id", "レコードid"),
        is_key=True,
    ),
    Column(
        "source",
        _("source"),
        source_cell,
        ("system", "システム", "連携元"),
        is_required=True,
        is_key=True,
    ),
    Column(
        "value",
        _("id in another system"),
        text_cell(200),
        ("id", "system id", "システムid", "外部id"),
        is_required=True,
        is_key=True,
    ),
)


class ExternalIds:
    key = "external_ids"
    label = _("Ids in other systems")
    record_kind: str = RecordKind.ACCOUNT

    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def plan(self, stage: Stage) -> None:
        plan_external_ids(stage)

    def write(self, stage: Stage) -> None:
        write_external_ids(stage)


importers.register("external_ids")(ExternalIds())
takeouts.register("external_ids")(Takeout("external_ids", 90, lambda: EXTERNAL_IDS))
previews.register("external_ids")(Preview(table="accounts_externalref", label=_LABEL))
restorings.register("accounts_externalref")(Restoring(account=account_of("t")))
