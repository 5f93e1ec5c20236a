"""Environment → one frozen Settings, read once, at the edge (web, daemon, cli); plain values are handed down.

Each variable is `MONITOR_` and the field's name in capitals. A missing or malformed one stops the start, by name.
"""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from monitor.errors import Unconfigured


class Settings(BaseSettings):
    """What an operator may change."""

    model_config = SettingsConfigDict(env_prefix="MONITOR_", frozen=True, extra="ignore")

    data_dir: Path = Field(Path("var"), description="Folder for the SQLite database, published files and secrets.")
    database_url: str = Field(
        "", description="SQLAlchemy URL; empty means SQLite in the data folder. postgresql://… for larger newsrooms."
    )
    sources: Path | None = Field(
        None,
        description="The feeds.yaml to follow; else ./feeds.yaml, else that of the data folder, else the shipped one.",
    )
    codebook: Path | None = Field(None, description="A codebook of your own (YAML), instead of the shipped one.")
    providers: Path | None = Field(None, description="A provider register of your own (YAML), instead of the shipped.")
    guide: Path | None = Field(
        None, description="An Editor's Guide of your own (Markdown), instead of the shipped one."
    )
    newsroom: str = Field("Monitor", min_length=1, max_length=80, description="The newsroom's name on site and feeds.")
    base_url: str = Field(
        "", description="Where readers reach the site, in feeds, links and permanent ids; empty means http://HOST:PORT."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    contact: str = Field("", max_length=200, description="Mail or web address sent to every server we poll.")
    allow_addresses: Annotated[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...], NoDecode] = Field(
        (), description="Address ranges that may be polled although private, comma separated (127.0.0.0/8)."
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Addresses of reverse proxies whose X-Forwarded-* headers are believed, comma separated."
    )
    push: Literal["auto", "off"] = Field(
        "auto",
        description="Subscribe to the hubs that feeds name (WebSub), where BASE_URL can be reached from outside.",
    )
    alerts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Apprise addresses that hear of troubled sources, separated by spaces (mailto://…, slack://…)."
    )
    workers: int = Field(
        default_factory=lambda: min(len(os.sched_getaffinity(0)), 16),
        ge=1,
        le=64,
        description="Worker processes for parsing and extraction; one for each core unless said, at most 16.",
    )
    log_format: Literal["text", "json"] = Field("text", description="One log line per event: text or json.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged.")

    @field_validator("allow_addresses", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(ipaddress.ip_network(v.strip(), strict=False) for v in value.split(",") if v.strip())
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _proxies(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(v.strip() for v in value.split(",") if v.strip())
        return value

    @field_validator("alerts", mode="before")
    @classmethod
    def _addresses(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("base_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _reachable(self) -> Settings:
        if not self.base_url:
            host = f"[{self.host}]" if ":" in self.host else self.host
            object.__setattr__(self, "base_url", f"http://{host}:{self.port}")
        return self

    @property
    def database(self) -> str:
        """The database's URL, with its default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'monitor.db').absolute()}"

    @property
    def secrets_dir(self) -> Path:
        """Where passwords of mailboxes lie, one file each, readable by the operator alone."""
        return self.data_dir / "secrets"

    @property
    def public_dir(self) -> Path:
        """Where published feeds lie as files."""
        return self.data_dir / "public"


def read_settings(**overrides: object) -> Settings:
    """Settings from the environment; raises Unconfigured, naming every variable at fault."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = [f"MONITOR_{str(e['loc'][0]).upper()}: {e['msg']} (it says {e['input']!r})" for e in error.errors()]
        raise Unconfigured("\n".join(faults)) from None
