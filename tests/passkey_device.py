"""A passkey made of software: what a device would answer, also what an honest one never would."""

import hashlib
import json
import secrets
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)
from fido2.webauthn import (
    AuthenticatorData as Data,
)

PRESENT_AND_VERIFIED = 0x05
WITH_KEY = 0x40


class Device:
    """One key of one person at one site; `count` is what it says of how often it signed."""

    def __init__(self, user: Any, *, site: str, count: int = 0) -> None:
        self.user, self.site, self.count = user, hashlib.sha256(site.encode()).digest(), count
        self.key, self.number = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)

    def enrol(self) -> Authenticator:
        """Put the key on record as if it had been added on the page."""
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(Aaguid(bytes(16)), self.number, public)
        data = Data.create(self.site, PRESENT_AND_VERIFIED | WITH_KEY, self.count, made)
        told = {"type": "webauthn.create", "challenge": "", "origin": ""}
        credential = self._credential(
            clientDataJSON=websafe_encode(json.dumps(told).encode()),
            attestationObject=websafe_encode(AttestationObject.create("none", data, {})),
        )
        return Authenticator.objects.create(
            user=self.user,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Key", "credential": credential},
        )

    def sign(self, challenge: str, *, origin: str, count: int | None = None) -> dict[str, Any]:
        """Answer a challenge for a page at `origin`."""
        self.count = self.count if count is None else count
        data = AuthenticatorData.create(self.site, PRESENT_AND_VERIFIED, self.count)
        told = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": origin})
        signed = bytes(data) + hashlib.sha256(told.encode()).digest()
        return self._credential(
            clientDataJSON=websafe_encode(told.encode()),
            authenticatorData=websafe_encode(bytes(data)),
            signature=websafe_encode(self.key.sign(signed, ec.ECDSA(SHA256()))),
            userHandle=websafe_encode(user_pk_to_url_str(self.user).encode()),
        )

    def _credential(self, **response: str) -> dict[str, Any]:
        number = websafe_encode(self.number)
        return {
            "id": number,
            "rawId": number,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }
