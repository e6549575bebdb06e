"""A real OpenID provider (Canaille) on a port of loopback, with two people and one client.

Run as `python -m tests.identity_provider PORT CALLBACK`: an own process, because it sets up the
logging of the process it runs in. Answers until its standard input ends.
"""

import os
import re
import subprocess
import sys
import threading
from html import unescape
from typing import Self
from urllib.parse import urljoin

import requests

PASSWORD = "a sentence the provider knows"
PEOPLE = {"saeki": ("直人", "佐伯"), "mori": ("拓也", "森")}


class IdentityProvider:
    """The provider as the tests see it: an issuer, and a browser that signs somebody in."""

    def __init__(self, *, port: int, callback: str) -> None:
        self.issuer = f"http://localhost:{port}"
        command = [sys.executable, "-m", "tests.identity_provider", str(port), callback]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == b"ready"
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)

    def sign_in(self, address: str, *, login: str) -> str:
        """Follow the address we sent the browser to; return where the provider sends it back."""
        browser = requests.Session()
        page = self._follow(browser, browser.get(address, allow_redirects=False))
        for answer in ({"login": login}, {"password": PASSWORD}, {"answer": "accept"}):
            if not page.is_redirect:
                page = self._follow(browser, self._submit(browser, page, answer))
        return page.headers["Location"]

    def _submit(
        self, browser: requests.Session, page: requests.Response, answer: dict[str, str]
    ) -> requests.Response:
        form = re.search(r'<form method="POST".*?</form>', page.text, re.S)[0]
        pairs = re.findall(r'name="([^"]+)"[^>]*?value="([^"]*)"', form)
        fields = {name: unescape(value) for name, value in pairs} | answer
        files = {name: (None, value) for name, value in fields.items()}
        return browser.post(page.url, files=files, allow_redirects=False)

    def _follow(self, browser: requests.Session, page: requests.Response) -> requests.Response:
        while page.is_redirect:
            target = urljoin(page.url, page.headers["Location"])
            if not target.startswith(self.issuer):
                break
            page = browser.get(target, allow_redirects=False)
        return page


def _find_codes_by_code_alone() -> None:
    """Mend Canaille's memory store, which joins filters by OR: of two open codes, either."""
    from canaille.backends import Backend
    from canaille.oidc import provider

    def query(self: object, code: str, client: object) -> object:
        return Backend.instance.get(provider.models.AuthorizationCode, code=code)

    provider.AuthorizationCodeGrant.query_authorization_code = query


def _serve(port: int, callback: str) -> None:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    from canaille import create_app
    from canaille.app import models
    from joserfc.jwk import RSAKey
    from werkzeug.serving import make_server

    key = RSAKey.generate_key(2048, auto_kid=True)
    _find_codes_by_code_alone()
    app = create_app(
        config={
            "SECRET_KEY": "only for tests",
            "SERVER_NAME": f"localhost:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "DATABASE": "memory",
            "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "HTMX": False},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
        }
    )
    with app.app_context():
        for name, (given, family) in PEOPLE.items():
            person = models.User(
                user_name=name,
                formatted_name=f"{family} {given}",
                given_name=given,
                family_name=family,
                emails=[f"{name}@harukaze.example"],
                password=PASSWORD,
            )
            app.backend.save(person)
        client = models.Client(
            client_id="yorisoi",
            client_secret="known to both",
            client_name="Yorisoi",
            redirect_uris=[callback],
            grant_types=["authorization_code"],
            response_types=["code"],
            token_endpoint_auth_method="client_secret_post",
            scope=["openid", "profile", "email"],
            id_token_signed_response_alg="RS256",
        )
        app.backend.save(client)
        client.audience = [client]
        app.backend.save(client)
    server = make_server("127.0.0.1", port, app, threaded=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), sys.argv[2])
