"""OpenID Connect: people log in with an account that they have elsewhere. We are the relying party.

The code flow with PKCE, state and nonce. An ID token counts only if it is signed with a key that the provider
publishes, by an algorithm of our list, for this client, by this issuer, not expired, and names this log-in's nonce.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import msgspec
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tintype.platform import clock
from tintype.platform.config import OidcProvider, Settings
from tintype.platform.telemetry import log

PROVIDER_SECONDS = 10.0
KEPT_SECONDS = 3600.0
ANSWER_MOST = 1024 * 1024
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
SCOPE = "openid email profile"


class Down(RuntimeError):
    """The provider does not answer, or not in time."""


class Untrusted(RuntimeError):
    """The provider refused, or what it says cannot be trusted."""


class Asked(msgspec.Struct, frozen=True):
    """A log-in on its way to a provider: where the browser goes, and what to remember until it is back."""

    url: str
    nonce: str
    verifier: str


class Who(msgspec.Struct, frozen=True):
    """Whom the provider names."""

    subject: str
    email: str
    email_verified: bool
    name: str
    username: str


class _Known(msgspec.Struct):
    """What a provider publishes about itself."""

    metadata: dict[str, Any]
    keys: KeySet
    read_at: float


_site = ""
_providers: dict[str, OidcProvider] = {}
_known: dict[str, _Known] = {}


def use(settings: Settings) -> None:
    """The providers of the settings; what was known of them is forgotten."""
    global _site
    _site = settings.public_url
    _providers.clear()
    _providers.update({one.name: one for one in settings.oidc})
    _known.clear()


def providers() -> list[OidcProvider]:
    """Every provider, in the order of the settings."""
    return list(_providers.values())


def exists(name: str) -> bool:
    """Whether there is such a provider."""
    return name in _providers


async def ask(name: str, state: str) -> Asked:
    """Where to send a browser so that its owner logs in there. Raises Down or Untrusted."""
    provider = _providers[name]
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    async with _deadline(name), _client(provider) as client:
        metadata = (await _about(provider, client)).metadata
        url, _ = client.create_authorization_url(
            metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    return Asked(str(url), nonce, verifier)


async def answer(name: str, code: str, nonce: str, verifier: str) -> Who:
    """Who came back with this code. Raises Down or Untrusted."""
    provider = _providers[name]
    async with _deadline(name), _client(provider) as client:
        about = await _about(provider, client)
        tokens = await client.fetch_token(
            about.metadata["token_endpoint"], code=code, code_verifier=verifier, grant_type="authorization_code"
        )
        claims = await _claims(provider, client, str(tokens.get("id_token") or ""), nonce)
        if not claims.get("email") and (userinfo := about.metadata.get("userinfo_endpoint")):
            claims |= await _userinfo(client, userinfo, claims["sub"])
    return Who(
        subject=claims["sub"],
        email=_text(claims.get("email")).lower(),
        email_verified=claims.get("email_verified") is True,
        name=_text(claims.get("name")),
        username=_text(claims.get("preferred_username") or claims.get("nickname")),
    )


async def _claims(provider: OidcProvider, client: AsyncOAuth2Client, token: str, nonce: str) -> dict[str, Any]:
    """What the ID token says, once all of it was checked. Keys are read anew, once, when one is not known."""
    about = await _about(provider, client)
    try:
        decoded = jwt.decode(token, about.keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        about = await _about(provider, client, fresh=True)
        decoded = jwt.decode(token, about.keys, algorithms=ALGORITHMS)
    now = clock.millis() // 1000
    jwt.JWTClaimsRegistry(
        now=now,
        leeway=60,
        iss={"essential": True, "value": about.metadata["issuer"]},
        sub={"essential": True},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    ).validate(decoded.claims)
    claims: dict[str, Any] = decoded.claims
    audience = claims["aud"]
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise Untrusted("the token was given to another client")
    if isinstance(audience, list) and len(audience) > 1 and "azp" not in claims:
        raise Untrusted("the token is for several, and does not say to whom it was given")
    if not isinstance(claims["sub"], str) or not 1 <= len(claims["sub"]) <= 255:
        raise Untrusted("the token names nobody")
    return claims


async def _userinfo(client: AsyncOAuth2Client, url: str, subject: str) -> dict[str, Any]:
    found = _object(await client.get(url))
    if found.get("sub") != subject:
        raise Untrusted("the provider speaks of somebody else")
    return found


async def _about(provider: OidcProvider, client: AsyncOAuth2Client, *, fresh: bool = False) -> _Known:
    """What the provider publishes, read once an hour. It has to name itself as it is configured."""
    known = _known.get(provider.name)
    if known is not None and not fresh and clock.monotonic() < known.read_at + KEPT_SECONDS:
        return known
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    metadata = _object(await client.request("GET", address, withhold_token=True))
    if str(metadata.get("issuer", "")).rstrip("/") != provider.issuer.rstrip("/"):
        raise Untrusted("the provider calls itself otherwise")
    for wanted in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not str(metadata.get(wanted, "")).startswith(("https://", "http://")):
            raise Untrusted(f"the provider names no {wanted}")
    published = await client.request("GET", metadata["jwks_uri"], withhold_token=True)
    keys = KeySet.import_key_set(_object(published))  # type: ignore[arg-type]
    _known[provider.name] = _Known(metadata, keys, clock.monotonic())
    return _known[provider.name]


@asynccontextmanager
async def _deadline(name: str) -> AsyncIterator[None]:
    """One total deadline; whatever goes wrong with a provider is one of two things."""
    try:
        async with asyncio.timeout(PROVIDER_SECONDS):
            yield
    except (TimeoutError, httpx2.TransportError, httpx2.HTTPStatusError) as error:
        log.warning("oidc.down", provider=name, error=repr(error))
        raise Down(name) from error
    except (OAuthError, JoseError, httpx2.HTTPError, KeyError, ValueError, TypeError, Untrusted) as error:
        log.warning("oidc.untrusted", provider=name, error=repr(error))
        raise Untrusted(name) from error


def _client(provider: OidcProvider) -> AsyncOAuth2Client:
    return AsyncOAuth2Client(
        provider.client_id,
        provider.client_secret or None,
        token_endpoint_auth_method="client_secret_basic" if provider.client_secret else "none",
        code_challenge_method="S256",
        scope=SCOPE,
        redirect_uri=f"{_site}/api/v1/auth/oidc/{provider.name}/callback",
        timeout=PROVIDER_SECONDS,
        follow_redirects=False,
    )


def _object(found: httpx2.Response) -> dict[str, Any]:
    found.raise_for_status()
    if len(found.content) > ANSWER_MOST:
        raise Untrusted("the provider says too much")
    return msgspec.json.decode(found.content, type=dict[str, Any])


def _text(value: object) -> str:
    return value[:254] if isinstance(value, str) else ""
