"""Turn what was sent into imports: claim, file and queued import are one transaction."""

import csv
import datetime as dt
import io
import zlib
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.domain.json_records import NoRecords, NotAValue, read_json, rows_of
from accounts.models import DeliveryProblem, DeliveryState, Inlet, InletDelivery, User
from accounts.services.authors import written_by
from accounts.services.imports.faults import BadImportFile
from accounts.services.imports.runs import ImportNotAllowed, ImportOrder, open_import
from accounts.services.inlets.acceptance import BELL
from accounts.services.inlets.addresses import mapping_of, paths_of
from accounts.services.privacy.fence import keep_erasures_out
from config.lib.bells import ring
from config.lib.problems import Conflict

BATCH = 20


class NothingToReplay(Conflict):
    """The body is gone, or what was sent is under way."""

    code = "nothing_to_replay"
    title = _("What was sent is no longer kept, or is being taken in just now.")


@transaction.atomic
def open_waiting(*, at: dt.datetime) -> int:
    """Make an import of each body that waits, the oldest first; return how many were looked at.

    No erasure runs beside it: a file is made of what a body says once it is over.
    """
    keep_erasures_out()
    waiting = InletDelivery.objects.waiting().select_related("inlet__owner")
    deliveries = list(waiting.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for delivery in deliveries:
        _open(delivery, at=at)
        delivery.opened_at = at
        delivery.save(
            update_fields=["opened_at", "problem", "problem_row", "problem_column", "run"]
        )
    return len(deliveries)


def replay_delivery(*, delivery: InletDelivery, by: User | None = None) -> InletDelivery:
    """Take in once more what was sent, as the inlet reads it now.

    Records that were taken in before are found unchanged.

    :raises NothingToReplay: while it is under way, and when the body is gone.
    """
    with written_by(by):
        rows = InletDelivery.objects.select_for_update(of=("self",)).select_related("inlet")
        row: InletDelivery = rows.get(pk=delivery.pk)
        if row.body is None or row.state == DeliveryState.WAITING:
            raise NothingToReplay
        row.opened_at, row.problem, row.problem_row, row.problem_column = None, "", None, ""
        row.save(update_fields=["opened_at", "problem", "problem_row", "problem_column"])
        ring(BELL)
    return row


def _open(delivery: InletDelivery, *, at: dt.datetime) -> None:
    """Queue the import of a body, or note why there can be none."""
    inlet = delivery.inlet
    try:
        rows = _rows(delivery)
        if len(rows) > settings.INLET_MAX_RECORDS:
            delivery.problem = DeliveryProblem.TOO_MANY
        elif not paths_of(inlet):
            delivery.problem = DeliveryProblem.UNMAPPED
        elif not inlet.owner.is_active:
            delivery.problem = DeliveryProblem.NOT_ALLOWED
        else:
            _queue(delivery, rows, at=at)
    except NoRecords:
        delivery.problem = DeliveryProblem.NO_RECORDS
    except NotAValue as fault:
        delivery.problem = DeliveryProblem.NOT_A_VALUE
        delivery.problem_row, delivery.problem_column = fault.number, fault.key
    except ImportNotAllowed:
        delivery.problem = DeliveryProblem.NOT_ALLOWED
    except BadImportFile:
        delivery.problem = DeliveryProblem.BAD_MAPPING


def _rows(delivery: InletDelivery) -> list[list[str]]:
    inlet: Inlet = delivery.inlet
    document = document_of(delivery)
    return rows_of(document, path=inlet.records_path, columns=paths_of(inlet))


def document_of(delivery: InletDelivery) -> Any:
    """Return the body of a delivery that is still kept."""
    return read_json(zlib.decompress(bytes(delivery.body or b"")))


def _queue(delivery: InletDelivery, rows: list[list[str]], *, at: dt.datetime) -> None:
    inlet = delivery.inlet
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([list(paths_of(inlet)), *rows])
    order = ImportOrder(
        kind=inlet.kind,
        file_name=f"{inlet.name} {delivery.pk}.csv",
        mapping=mapping_of(inlet),
        language=inlet.owner.language[:2],
    )
    file = ContentFile(text.getvalue().encode(), name="delivery.csv")
    run = open_import(order=order, file=file, at=at, by=inlet.owner)
    run.inlet = inlet
    run.save(update_fields=["inlet"])
    delivery.run = run
