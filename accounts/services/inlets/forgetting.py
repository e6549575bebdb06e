"""Take an erased person out of the bodies that are kept: packed bytes, which no sweep reads."""

import json
import re
import zlib

from django.db.models.functions import Coalesce

from accounts.domain.json_records import forget_in
from accounts.domain.person import Person
from accounts.models import DeliveryProblem, InletDelivery
from accounts.services.inlets.opening import document_of
from config.lib.clock import AppNow


def forget_in_deliveries(person: Person) -> int:
    """Take records that name the person out of kept bodies; return how many bodies did."""
    changed = 0
    kept = InletDelivery.objects.filter(body__isnull=False).select_related("inlet").order_by("pk")
    names = _Named(person)
    for delivery in kept.select_for_update(of=("self",)).iterator(chunk_size=20):
        before = document_of(delivery)
        text = json.dumps(before)
        left = forget_in(before, path=delivery.inlet.records_path, names=names)
        if left is None:
            _let_go(delivery)
        elif json.dumps(left) != text:
            packed = zlib.compress(json.dumps(left).encode())
            InletDelivery.objects.filter(pk=delivery.pk).update(body=packed)
        else:
            continue
        changed += 1
    return changed


class _Named:
    """Says whether a text names the person: by id of their own, address, name or number."""

    def __init__(self, person: Person) -> None:
        written = person.written_among_us()
        self.hint, self.exact = (
            re.compile(one, re.IGNORECASE) for one in (written.hint, written.exact)
        )
        self.ids = {text.strip().casefold() for text in person.external_ids}

    def __call__(self, text: str) -> bool:
        is_written = self.hint.search(text) and self.exact.search(text)
        return bool(is_written) or text.strip().casefold() in self.ids


def _let_go(delivery: InletDelivery) -> None:
    """Drop a body that is nothing without them; what still waited is not taken in."""
    problem = DeliveryProblem.ERASED if delivery.opened_at is None else delivery.problem
    InletDelivery.objects.filter(pk=delivery.pk).update(
        body=None, problem=problem, opened_at=Coalesce("opened_at", AppNow())
    )
