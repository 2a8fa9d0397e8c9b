"""Settings: read once at the edge, from `TINTYPE_…` or a `tintype.toml`, into a frozen object that is passed on."""

import hashlib
import os
import tempfile
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, Field, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

CHECKOUT = Path(__file__).resolve().parents[3]


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


class OidcProvider(BaseModel, frozen=True, extra="forbid"):
    """A place where people may log in with an account that they have there."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,30}$")
    label: str = Field(min_length=1, max_length=60)
    issuer: str = Field(pattern=r"^https?://[^\s?#]+$")
    client_id: str = Field(min_length=1)
    client_secret: str = ""


class Settings(BaseSettings):
    """Every setting, its type and its default; `docs/operations.md` explains them to operators."""

    model_config = SettingsConfigDict(env_prefix="TINTYPE_", toml_file="tintype.toml", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65534)
    admin_port: int = 0
    public_url: str = ""
    data_dir: Path = Field(default_factory=_default_data_dir)
    database_url: str = ""

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
    oidc: tuple[OidcProvider, ...] = ()

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
        if bool(self.tls_cert) != bool(self.tls_key):
            raise ValueError("TINTYPE_TLS_CERT and TINTYPE_TLS_KEY go together")
        if self.smtp_url and urlsplit(self.smtp_url).scheme not in {"smtp", "smtps"}:
            raise ValueError("TINTYPE_SMTP_URL begins with smtp:// or smtps://")
        if len({one.name for one in self.oidc}) < len(self.oidc):
            raise ValueError("TINTYPE_OIDC: two providers have the same name")
        if not self.rate_limits and not self.is_loopback:
            raise ValueError("TINTYPE_RATE_LIMITS=off is refused unless the public URL is on loopback")
        return self

    @property
    def is_loopback(self) -> bool:
        return (urlsplit(self.public_url).hostname or "") in {"127.0.0.1", "localhost", "::1"}

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
