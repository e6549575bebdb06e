"""Inlets: their address and secret are made once, shown once, and known again by a keyed hash.

The secret follows from the key in the address, so neither has to be kept, and a request to an
address that never was costs what one to a real one does.
"""

import base64
import datetime as dt
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.domain.webhook_signatures import PREFIX as SECRET_PREFIX
from accounts.models import Inlet, User
from accounts.registry import importers
from accounts.services.authors import written_by
from accounts.services.imports.runs import may_import
from config.lib.problems import Conflict

PREFIX_LENGTH = 6
CHANGEABLE = frozenset(
    {
        "name",
        "owner",
        "records_path",
        "columns",
        "is_fill_only",
        "is_signed",
        "signature_header",
    }
)
_HEADER = re.compile(r"[A-Za-z0-9-]{1,80}")
LONGEST_PATH = 200
#: What stands before a text that is taken as it is, in place of a path.
CONSTANT = "="


class InletRevoked(Conflict):
    """An inlet that takes nothing gets no other address."""

    code = "inlet_revoked"
    title = gettext_lazy("This inlet is revoked. Make another one.")


@dataclass(frozen=True)
class Opened:
    """An inlet with what is shown of it this once: the key in its address, and its secret."""

    inlet: Inlet
    key: str

    @property
    def secret(self) -> str:
        """Return what its sender signs with."""
        return secret_of(self.key)


def digest_of(key: str) -> bytes:
    """Return the keyed hash by which the key of an address is stored."""
    return salted_hmac("accounts.inlet.key", key, algorithm="sha256").digest()


def secret_of(key: str) -> str:
    """Return the secret that belongs to the key of an address."""
    secret = salted_hmac("accounts.inlet.secret", key, algorithm="sha256").digest()
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def find_inlet(*, key: str) -> Inlet | None:
    """Return the inlet at an address; None where none takes anything."""
    inlets = Inlet.objects.select_related("owner")
    found: Inlet | None = inlets.filter(digest=digest_of(key), revoked_at=None).first()
    return found


def create_inlet(*, kind: str, by: User | None = None, **values: Any) -> Opened:
    """Make an inlet for records of a kind.

    :raises ValidationError: naming each field that does not hold.
    """
    inlet = Inlet(kind=kind, **values)
    with written_by(by):
        key = _give_key(inlet)
        _refuse_unfit(inlet)
        inlet.save(force_insert=True)
    return Opened(inlet, key)


def change_inlet(*, inlet: Inlet, changes: Mapping[str, Any], by: User | None = None) -> Inlet:
    """Change what an inlet is called, who answers for it and how it reads; never its address.

    :raises ValidationError: naming each field that does not hold.
    """
    with written_by(by):
        row: Inlet = Inlet.objects.select_for_update().get(pk=inlet.pk)
        for name in CHANGEABLE & changes.keys():
            setattr(row, name, changes[name])
        _refuse_unfit(row)
        row.save(update_fields=sorted(CHANGEABLE))
    return row


def rotate_inlet(*, inlet: Inlet, by: User | None = None) -> Opened:
    """Give an inlet another address and secret; at the one before there is nothing any more.

    :raises InletRevoked: for an inlet that was revoked.
    """
    with written_by(by):
        row: Inlet = Inlet.objects.select_for_update().get(pk=inlet.pk)
        if row.revoked_at is not None:
            raise InletRevoked
        key = _give_key(row)
        row.save(update_fields=["prefix", "digest"])
    return Opened(row, key)


def revoke_inlet(*, inlet: Inlet, at: dt.datetime, by: User | None = None) -> None:
    """Take nothing at its address from now on; what was sent stays. Twice is once."""
    with written_by(by):
        Inlet.objects.filter(pk=inlet.pk, revoked_at=None).update(revoked_at=at)


def mapping_of(inlet: Inlet) -> dict[str, Any]:
    """Return how an import reads the file made of a body, whose headers are keys of columns."""
    paths = paths_of(inlet)
    values = {key: text[1:] for key, text in inlet.columns.items() if key not in paths}
    return {
        "columns": {key: key for key in paths},
        "values": values,
        "fill_only": inlet.is_fill_only,
    }


def paths_of(inlet: Inlet) -> dict[str, str]:
    """Return (key of the column → path) of what is read out of a body."""
    return {key: path for key, path in inlet.columns.items() if not path.startswith(CONSTANT)}


def _give_key(inlet: Inlet) -> str:
    key = secrets.token_urlsafe(24)
    inlet.prefix, inlet.digest = key[:PREFIX_LENGTH], digest_of(key)
    return key


def _refuse_unfit(inlet: Inlet) -> None:
    faults: dict[str, list[str]] = {}
    if not _HEADER.fullmatch(inlet.signature_header):
        faults["signature_header"] = [_("Give the name of a header, such as X-Hub-Signature-256.")]
    if not may_import(inlet.owner, inlet.kind):
        faults["owner"] = [_("This colleague may change no records of this kind.")]
    if words := _faults_of(inlet):
        faults["columns"] = words
    inlet.full_clean(validate_constraints=False)
    if faults:
        raise ValidationError(faults)


def _faults_of(inlet: Inlet) -> list[str]:
    """Say what is wrong with the columns; none at all are filled in later."""
    known = {column.key: column for column in importers.get(inlet.kind).columns()}
    given = inlet.columns
    if not isinstance(given, dict) or not all(
        isinstance(path, str) and 0 < len(path) <= LONGEST_PATH for path in given.values()
    ):
        return [_("Write a path for each field, such as properties.company.name.")]
    words = [_("There is no field “%(key)s”.") % {"key": key} for key in given if key not in known]
    missing = [
        column.label for key, column in known.items() if column.is_required and key not in given
    ]
    if given and missing:
        names = ", ".join(map(str, missing))
        words.append(_("Say where these stand, too: %(names)s.") % {"names": names})
    return words
