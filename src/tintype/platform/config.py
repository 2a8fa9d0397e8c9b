"""Settings: read once at the edge, from `TINTYPE_…` or a `tintype.toml`, into a frozen object that is passed on."""

import hashlib
import json
import os
import tempfile
import tomllib
from contextlib import suppress
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from tintype.platform import shapes
from tintype.platform.clients import cassandra_url, kafka_url, redis_url, trust

CHECKOUT = Path(__file__).resolve().parents[3]


PLACES = {
    "redis_url": redis_url.place_of,
    "cassandra_url": cassandra_url.place_of,
    "kafka_url": kafka_url.place_of,
}


def _default_data_dir() -> Path:
    return CHECKOUT / "data" if (CHECKOUT / "pyproject.toml").exists() else Path("data").resolve()


def _networks(value: object) -> object:
    return (
        tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
        if isinstance(value, str)
        else value
    )


def _on_off(value: object) -> object:
    return {"on": True, "off": False}.get(value, value) if isinstance(value, str) else value


Switch = Annotated[bool, BeforeValidator(_on_off)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)]


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class OidcProvider(BaseModel, frozen=True, extra="forbid"):
    """A place where people may log in with an account that they have there."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,30}$")
    label: str = Field(min_length=1, max_length=60)
    issuer: str = Field(pattern=r"^https?://[^\s?#]+$")
    client_id: str = Field(min_length=1)
    client_secret: str = ""


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value or "[]")
    except ValueError:
        raise ValueError("is no JSON: a list of providers, as docs/operations.md shows it") from None


Providers = Annotated[tuple[OidcProvider, ...], NoDecode, BeforeValidator(_parsed)]


class Settings(BaseSettings):
    """Every setting, its type and its default; `docs/operations.md` explains them to operators."""

    model_config = SettingsConfigDict(env_prefix="TINTYPE_", toml_file="tintype.toml", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65534)
    admin_port: int = 0
    admin_host: str = "127.0.0.1"
    public_url: str = ""
    data_dir: Path = Field(default_factory=_default_data_dir)
    machines: shapes.Shape = "one"
    database_url: str = ""
    redis_url: str = ""
    cassandra_url: str = ""
    kafka_url: str = ""
    database_pooled: Switch = False
    database_direct_url: str = ""
    replica_urls: Listed = ()
    popular_replica_url: str = ""
    rabbitmq_url: str = ""
    s3_url: str = ""
    s3_key: str = ""
    s3_secret: str = ""
    s3_region: str = "us-east-1"
    s3_uploads: Literal["direct", "through"] = "direct"
    s3_public_url: str = ""
    s3_events_token: str = ""
    clamd_url: str = ""
    clamd_fail: Literal["closed", "open"] = "closed"
    engines_ca: Path | None = None

    registration: Literal["open", "invite", "approval", "closed"] = "open"
    members_only: Switch = False
    trusted_proxies: Networks = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None
    media_url: str = ""
    country_header: str = ""

    smtp_url: str = ""
    mail_from: str = ""
    unverified_may_post: Switch = True
    oidc: Providers = ()

    feed_pull_at: int = 10_000
    feed_push_below: int = 8_000
    feed_keep: int = Field(default=800, ge=1)
    feed_away_days: int = Field(default=30, ge=1)

    ranking_half_life_hours: float = Field(default=12.0, gt=0)
    explore_half_life_hours: float = Field(default=24.0, gt=0)
    ranking_affinity_half_life_days: float = Field(default=30.0, gt=0)
    ranking_engaged_dwell_ms: int = Field(default=10_000, ge=1)

    rate_limits: Switch = True
    limit_user_per_minute: int = 100
    limit_ip_per_minute: int = 1_000
    limit_posts_per_hour: int = 10
    limit_follows_per_day: int = 100
    limit_likes_per_day: int = 1_000
    limit_comments_per_hour: int = 200
    limit_uploads_per_hour: int = 200
    limit_edits_per_hour: int = 600
    limit_registrations_per_hour: int = 30
    limit_logins_per_minute: int = 20
    limit_codes_per_hour: int = 30
    limit_mails_per_hour: int = 10
    limit_media_per_minute: int = 6_000
    limit_impressions_per_minute: int = 60

    bcrypt_cost: int = Field(default=12, ge=4, le=16)
    media_processes: int = Field(default=2, ge=1, le=64)
    media_timeout: int = Field(default=60, ge=1)
    video_timeout: int = Field(default=1_800, ge=1)
    video_niceness: int = Field(default=19, ge=0, le=19)
    quota: int = Field(default=10 * 1024**3, ge=0)
    storage_reserve: int = Field(default=1024**3, ge=0)
    upgrade_dump: Switch = True
    engine_wait: int = Field(default=60, ge=0)
    log_keep_days: int = 7
    log_format: Literal["auto", "json", "text"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    otlp_url: str = ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @model_validator(mode="after")
    def _derive(self) -> "Settings":
        scheme = "https" if self.tls_cert else "http"
        fill = object.__setattr__  # the one moment before the object is handed out
        fill(self, "admin_port", self.admin_port or self.port + 1)
        fill(self, "public_url", (self.public_url or f"{scheme}://127.0.0.1:{self.port}").rstrip("/"))
        fill(self, "data_dir", self.data_dir.expanduser().resolve())
        wrong = shapes.problems(self)
        if bool(self.tls_cert) != bool(self.tls_key):
            wrong.append("TINTYPE_TLS_CERT and TINTYPE_TLS_KEY go together")
        if self.database_pooled and not (self.database_url and self.database_direct_url):
            wrong.append(
                "TINTYPE_DATABASE_POOLED=on needs TINTYPE_DATABASE_URL, the pooler's, and "
                "TINTYPE_DATABASE_DIRECT_URL, past the pooler: locks, leases and notifications cannot go through one"
            )
        if self.smtp_url and urlsplit(self.smtp_url).scheme not in {"smtp", "smtps"}:
            wrong.append("TINTYPE_SMTP_URL begins with smtp:// or smtps://")
        wrong += trust.problems(self.engines_ca)
        for name, place_of in PLACES.items():
            try:
                if url := getattr(self, name):
                    place_of(url)
            except ValueError as error:
                said, name = str(error), f"TINTYPE_{name.upper()}"  # Python's own errors show the address
                wrong.append(said if said.startswith(name) else f"{name}: write %40 for an @, %2F for a / and the like")
        if self.cassandra_url.startswith("cassandras:") and not self.engines_ca:
            wrong.append("TINTYPE_CASSANDRA_URL: cassandras:// needs TINTYPE_ENGINES_CA, who signed its certificates")
        if self.s3_url and not (self.s3_key and self.s3_secret):
            wrong.append("TINTYPE_S3_URL needs TINTYPE_S3_KEY and TINTYPE_S3_SECRET")
        if len({one.name for one in self.oidc}) < len(self.oidc):
            wrong.append("TINTYPE_OIDC: two providers have the same name")
        if not self.rate_limits and not self.is_loopback:
            wrong.append("TINTYPE_RATE_LIMITS=off is refused unless the public URL is on loopback")
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def __repr__(self) -> str:
        """Without values: some are passwords, and what is shown is logged sooner or later."""
        return "Settings(…)"

    __str__ = __repr__

    @property
    def direct_url(self) -> str:
        """The database that is set, past any pooler; empty for the embedded one."""
        return self.database_direct_url or self.database_url

    @property
    def is_loopback(self) -> bool:
        return (urlsplit(self.public_url).hostname or "") in {"127.0.0.1", "localhost", "::1"}

    @property
    def upload_url(self) -> str:
        """Where browsers send uploads, when it is not here: the bucket as they reach it."""
        return (self.s3_public_url or self.s3_url) if self.s3_uploads == "direct" else ""

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def run_dir(self) -> Path:
        """Sockets and locks; short enough for the 107 bytes of a unix socket path, or a private folder that is."""
        inside = self.data_dir / "run"
        if len(str(inside)) <= 70:
            return inside
        name = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"tintype-{os.getuid()}-{name}"

    @property
    def media_dir(self) -> Path:
        return self.data_dir / "media"

    @property
    def outbox_dir(self) -> Path:
        """Where letters lie that no SMTP server takes."""
        return self.data_dir / "outbox"

    @property
    def secrets_dir(self) -> Path:
        return self.data_dir / "secrets"

    @property
    def policy_dir(self) -> Path:
        return self.data_dir / "policy"


class Unusable(ValueError):
    """Settings that cannot be used: `problems` has a line for each, with its name and what is right, and no value."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def read() -> Settings:
    """The settings as the environment and tintype.toml give them. Raises Unusable, with everything that is wrong."""
    problems = _misspelt()
    right: dict[str, Any] = {}
    try:
        for _ in range(2):  # again with the defaults of what is wrong by itself, for what is wrong of several together
            try:
                found = Settings(**right)
                break
            except ValidationError as error:
                for one in error.errors(include_input=False, include_url=False):
                    name, said = ".".join(map(str, one["loc"])), one["msg"].removeprefix("Value error, ")
                    problems += [f"TINTYPE_{name.upper()}: {said}"] if name else said.splitlines()
                    if one["loc"] and (top := str(one["loc"][0])) in Settings.model_fields:
                        right[top] = Settings.model_fields[top].get_default(call_default_factory=True)
    except (TOMLDecodeError, SettingsError) as error:
        problems.append(f"tintype.toml: {error}" if isinstance(error, TOMLDecodeError) else str(error))
    if problems:
        raise Unusable(list(dict.fromkeys(problems)))
    return found


def _misspelt() -> list[str]:
    """Variables, and names in tintype.toml, that are close to a setting's and none."""
    known = {f"TINTYPE_{name.upper()}" for name in Settings.model_fields}
    given = {name for name in os.environ if name.startswith("TINTYPE_")}
    with suppress(OSError, TOMLDecodeError):
        given |= {f"TINTYPE_{name.upper()}" for name in tomllib.loads(Path("tintype.toml").read_text(encoding="utf-8"))}
    meant = {name: get_close_matches(name, known, 1, 0.9) for name in sorted(given - known)}
    return [f"{name} is no setting: is {close[0]} meant?" for name, close in meant.items() if close]
