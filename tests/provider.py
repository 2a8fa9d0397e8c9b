"""An OpenID provider for tests, as a process of its own: discovery, keys, a log-in form, codes with PKCE, tokens.

Authlib's provider pieces decide about requests, redirects, clients, codes and tokens; what is here is their storage and
a form. `POST /misbehave` makes it lie in one way from then on, as a test of the client wants it.
"""

# ruff: noqa: ARG002 - Authlib says what these take

import asyncio
import html
import json
import os
import secrets
import socketserver
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    ClientMixin,
    JsonRequest,
    OAuth2Payload,
    OAuth2Request,
    scope_to_list,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "tintype", "a secret of two"
PEOPLE: dict[str, dict[str, Any]] = {
    "ana": {"email": "ana@example.org", "email_verified": True, "name": "Ana Lima", "preferred_username": "Ana.Lima"},
    "ben": {"email": "ben@example.org", "email_verified": False, "name": "Ben", "preferred_username": "ben"},
    "cy": {"name": "Cy", "preferred_username": "me"},
}
FORM = """<!doctype html><title>Log in there</title><form method="post">{hidden}
<label>Name <input name="person" autofocus></label><button>Log in</button><button name="deny" value="1">No</button>
</form>"""  # nobody has a password there


@dataclass
class Client(ClientMixin):  # type: ignore[misc]
    """The one client that is registered."""

    redirect_uris: list[str]

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uris[0]

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(one for one in scope_to_list(scope) if one in {"openid", "email", "profile"})

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret, SECRET)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code:
    """An authorization code."""

    code: str
    person: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str
    code_challenge_method: str
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def is_expired(self) -> bool:
        return time.time() > self.auth_time + 60

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Payload(OAuth2Payload):  # type: ignore[misc]
    def __init__(self, values: dict[str, str]) -> None:
        self._data = values

    @property
    def data(self) -> dict[str, str]:
        return self._data

    @property
    def datalist(self) -> dict[str, list[str]]:
        return {name: [value] for name, value in self._data.items()}


class Request(OAuth2Request):  # type: ignore[misc]
    @property
    def form(self) -> dict[str, str]:
        found: dict[str, str] = self.payload.data
        return found

    args = form


class Server(AuthorizationServer):  # type: ignore[misc]
    """Authlib's server over plain dictionaries."""

    def __init__(self, issuer: str, redirect_uris: list[str]) -> None:
        super().__init__(scopes_supported=["openid", "email", "profile"])
        self.issuer, self.client = issuer, Client(redirect_uris)
        self.key = RSAKey.generate_key(2048, parameters={"kid": "first", "use": "sig", "alg": "RS256"})
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, str] = {}
        self.lie = ""
        self.register_token_generator("default", BearerTokenGenerator(lambda **_: secrets.token_urlsafe(24)))
        self.register_grant(Grant, [CodeChallenge(required=True), IdTokens(self)])

    def query_client(self, client_id: str) -> Client | None:
        return self.client if client_id == CLIENT else None

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        self.tokens[token["access_token"]] = request.user

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def create_json_request(self, request: JsonRequest) -> JsonRequest:
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> tuple[int, Any, Any]:
        return status, body, headers

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        pass


class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = ["client_secret_basic"]

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        given = request.payload.data
        self.server.codes[code] = Code(
            code,
            request.user,
            given["redirect_uri"],
            given["scope"],
            given.get("nonce"),
            given["code_challenge"],
            given["code_challenge_method"],
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        found = self.server.codes.get(code)
        return found if found and not found.is_expired() else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del self.server.codes[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.person


class IdTokens(OpenIDCode):  # type: ignore[misc]
    """ID tokens, true ones or such as a client has to refuse."""

    def __init__(self, provider: Server) -> None:
        super().__init__(require_nonce=True)
        self.provider = provider

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return any(code.nonce == nonce for code in self.provider.codes.values())

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": self.provider.issuer}

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        return self.provider.key

    def get_client_algorithm(self, client: Client) -> str:
        return "RS256"

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        about = {} if self.provider.lie == "userinfo only" else PEOPLE.get(user, {})
        return UserInfo(sub=f"sub-{user}", **about)

    def encode_id_token(self, token: dict[str, Any], request: OAuth2Request) -> str:
        told: str = super().encode_id_token(token, request)
        claims = jwt.decode(told, self.provider.key).claims
        lie, now = self.provider.lie, int(time.time())
        changes: dict[str, dict[str, Any]] = {
            "wrong nonce": {"nonce": "another"},
            "wrong audience": {"aud": "somebody else"},
            "for several": {"aud": [CLIENT, "somebody else"]},
            "given to another": {"azp": "somebody else"},
            "wrong issuer": {"iss": "https://elsewhere.example"},
            "expired": {"iat": now - 7200, "exp": now - 3600},
            "nobody": {"sub": ""},
        }
        claims |= changes.get(lie, {})
        if lie == "no nonce":
            claims.pop("nonce")
        if lie == "unsigned":
            return jwt.encode({"alg": "none"}, claims, None, algorithms=["none"])  # type: ignore[arg-type]
        if lie == "another key":
            other = RSAKey.generate_key(2048, parameters={"kid": "first"})
            return jwt.encode({"alg": "RS256", "kid": "first"}, claims, other)
        return jwt.encode({"alg": "RS256", "kid": self.provider.key.kid}, claims, self.provider.key)


class Handler(BaseHTTPRequestHandler):
    """The provider's addresses."""

    server: "Listening"

    def do_GET(self) -> None:
        provider, address = self.server.provider, urlsplit(self.path)
        match address.path:
            case "/.well-known/openid-configuration":
                self._json(self._about())
            case "/keys":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            case "/authorize":
                asked = {name: values[0] for name, values in parse_qs(address.query).items()}
                provider.get_consent_grant(self._request(asked), end_user=None)
                given = "".join(
                    f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
                    for name, value in asked.items()
                )
                self._send(200, FORM.format(hidden=given).encode(), [("Content-Type", "text/html")])
            case "/userinfo":
                person = provider.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
                subject = "sub-x" if provider.lie == "userinfo of another" else f"sub-{person}"
                self._json({"sub": subject, **PEOPLE.get(person or "", {})}, 200 if person else 401)
            case _:
                self._json({"error": "not_found"}, 404)

    def do_POST(self) -> None:
        provider = self.server.provider
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        match urlsplit(self.path).path:
            case "/authorize":
                person = None if given.pop("deny", "") else given.pop("person", "") or None
                request = self._request(given)
                grant = provider.get_consent_grant(request, end_user=person)
                self._answer(*provider.create_authorization_response(request, grant_user=person, grant=grant))
            case "/token" if provider.lie == "down":
                self._json({"error": "server_error"}, 503)
            case "/token" if provider.lie == "slow":
                time.sleep(3)
            case "/token":
                self._answer(*provider.create_token_response(self._request(given)))
            case "/misbehave":
                provider.lie = given.get("how", "")
                if provider.lie == "new keys":
                    parameters = {"kid": "second", "use": "sig", "alg": "RS256"}
                    provider.key = RSAKey.generate_key(2048, parameters=parameters)  # type: ignore[arg-type]
                self._json({})
            case _:
                self._json({"error": "not_found"}, 404)

    def _about(self) -> dict[str, Any]:
        issuer = self.server.provider.issuer
        return {
            "issuer": "https://elsewhere.example" if self.server.provider.lie == "calls itself otherwise" else issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _request(self, given: dict[str, str]) -> OAuth2Request:
        request = Request(self.command, self.server.provider.issuer + self.path, headers=dict(self.headers))
        request.payload = Payload(given)
        return request

    def _answer(self, status: int, body: Any, headers: list[tuple[str, str]]) -> None:
        encoded = json.dumps(body).encode() if isinstance(body, dict) else str(body or "").encode()
        self._send(status, encoded, headers)

    def _json(self, body: dict[str, Any], status: int = 200) -> None:
        self._send(status, json.dumps(body).encode(), [("Content-Type", "application/json")])

    def _send(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


class Listening(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True
    provider: Server


@asynccontextmanager
async def running(port: int, *redirect_uris: str) -> AsyncIterator[str]:
    """The provider as a process; yields its issuer."""
    root = Path(__file__).resolve().parents[1]
    environment = os.environ | {"PYTHONPATH": str(root), "AUTHLIB_INSECURE_TRANSPORT": "1"}
    command = [sys.executable, "-W", "ignore", "-m", "tests.provider", str(port), *redirect_uris]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"ready\n"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stdin.close()
        process.kill()
        await process.wait()


def main(port: int, redirect_uris: list[str]) -> None:
    """Serve until killed."""
    with Listening(("127.0.0.1", port), Handler) as listening:
        listening.provider = Server(f"http://127.0.0.1:{port}", redirect_uris)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        listening.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
