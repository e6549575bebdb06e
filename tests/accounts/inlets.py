"""Inlets and what is posted to them, as tests need them."""

import base64
import hashlib
import hmac
import itertools
import json
from typing import Any

from accounts.models import Inlet, InletDelivery
from accounts.services.imports.runs import run_due_import
from accounts.services.inlets.acceptance import accept_delivery
from accounts.services.inlets.addresses import Opened, create_inlet
from accounts.services.inlets.opening import open_waiting
from config.lib.clock import app_now
from tests.factories import make_team, make_user

_numbers = itertools.count(1)
#: Where a CRM keeps what we call name and id.
COLUMNS = {"external_id": "id", "name": "properties.company.name"}


def open_an_inlet(**fields: Any) -> Opened:
    values = {"name": f"CRM {next(_numbers)}", "kind": "accounts", "columns": COLUMNS}
    owner = fields.pop("owner", None) or make_user(role="administrator", team=make_team())
    return create_inlet(**{**values, **fields}, owner=owner)


def make_inlet(**fields: Any) -> Inlet:
    return open_an_inlet(**fields).inlet


def send(inlet: Inlet, body: Any, message_id: str = "") -> InletDelivery:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return accept_delivery(inlet=inlet, body=text, message_id=message_id, at=app_now())


def make_delivery(inlet: Inlet | None = None, body: Any = None) -> InletDelivery:
    return send(inlet or make_inlet(), company() if body is None else body)


def take_in() -> None:
    """Do in this process what the workers would."""
    while open_waiting(at=app_now()) or run_due_import(at=app_now()):
        pass


def company(external_id: str = "c-1", name: str = "青嶺精機", **more: Any) -> dict[str, Any]:
    return {"id": external_id, "properties": {"company": {"name": name}}, **more}


def standard_signature(body: bytes, secret: str, message_id: str, timestamp: str) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def hexadecimal_signature(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
