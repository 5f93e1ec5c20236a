"""Environment → one frozen Settings, read once, at the edge (web, daemon, cli); plain values are handed down.

Each variable is `MONITOR_` and the field's name in capitals. A missing or malformed one stops the start, by name. Every
command reads them, so that they are plain: a library of validators took longer to load than a hundred polls take.
"""

# ruff: noqa: RUF009 - each call makes a field
from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from monitor.errors import Unconfigured
from monitor.model.endpoint import ModelEndpoint
from monitor.model.role import Role

PREFIX = "MONITOR_"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LogFormat = Literal["text", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]
Push = Literal["auto", "off"]
Meaning = Literal["auto", "off"]
SmtpSecurity = Literal["starttls", "tls", "none"]
T = TypeVar("T")


def _text(*, least: int = 0, most: int | None = None) -> Callable[[str], str]:
    def read(value: str) -> str:
        if len(value) < least:
            raise ValueError("must not be empty")
        if most is not None and len(value) > most:
            raise ValueError(f"must have at most {most} characters")
        return value

    return read


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return number

    return read


def _one_of(words: Any) -> Callable[[str], Any]:
    def read(value: str) -> str:
        if value not in get_args(words):
            raise ValueError(f"must be {', '.join(get_args(words)[:-1])} or {get_args(words)[-1]}")
        return value

    return read


def _file(value: str) -> Path | None:
    return Path(value) if value else None


def _url(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return value.rstrip("/")


def _exact_url(value: str) -> str:
    _url(value)
    return value


def _between_commas(value: str) -> tuple[str, ...]:
    return tuple(v.strip() for v in value.split(",") if v.strip())


def _networks(value: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(v, strict=False) for v in _between_commas(value))


def _between_spaces(value: str) -> tuple[str, ...]:
    return tuple(value.split())


def _roles(value: str) -> tuple[tuple[Role, str], ...]:
    pairs = [pair.partition("=") for pair in value.split()]
    if any(role not in set(Role) or not meant for role, _, meant in pairs):
        raise ValueError(f"must be pairs such as admin=heads reader=*, where a role is {', '.join(Role)}")
    return tuple((Role(role), meant) for role, _, meant in pairs)


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)), 16)


def _setting(read: Callable[[str], T | None], default: T | Callable[[], T] | None, description: str) -> Any:
    """A field that reads its variable by `read`, which raises ValueError with what it must be."""
    metadata = {"read": read, "description": description}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator may change. Text is read as that of a variable is; raises Unconfigured, with every fault."""

    data_dir: Path = _setting(Path, Path("var"), "Folder for the SQLite database, published files and secrets.")
    database_url: str = _setting(
        _text(), "", "SQLAlchemy URL; empty means SQLite in the data folder. postgresql://… for larger newsrooms."
    )
    sources: Path | None = _setting(
        _file,
        None,
        "The feeds.yaml to follow; else ./feeds.yaml, else that of the data folder, else the shipped one.",
    )
    codebook: Path | None = _setting(_file, None, "A codebook of your own (YAML), instead of the shipped one.")
    providers: Path | None = _setting(_file, None, "A provider register of your own (YAML), instead of the shipped.")
    owners: Path | None = _setting(_file, None, "A register of owners of your own (YAML), instead of the shipped.")
    weights: Path | None = _setting(
        _file, None, "Weights of your own for the order of the queue (YAML), taken over at the start when they change."
    )
    guide: Path | None = _setting(_file, None, "An Editor's Guide of your own (Markdown), instead of the shipped one.")
    newsroom: str = _setting(_text(least=1, most=80), "Monitor", "The newsroom's name on site and feeds.")
    colours: str = _setting(
        _text(most=200),
        "",
        "Colours of your own for the site, as pairs (accent=#7a1fa2 accent-dark=#d0a0f0 paper=#ffffff "
        "paper-dark=#101010); one that could not be read is refused.",
    )
    logo: Path | None = _setting(_file, None, "A logo for the site (SVG or PNG), instead of the newsroom's name.")
    picture: Path | None = _setting(
        _file, None, "A picture for link previews (PNG, best 1200 by 630); none unless set."
    )
    footer: Path | None = _setting(_file, None, "What stands at the foot of every page of the site (Markdown).")
    templates: Path | None = _setting(
        _file, None, "A folder with templates of your own for the site, by the names of the shipped ones."
    )
    base_url: str = _setting(
        _url, "", "Where readers reach the site, in feeds, links and permanent ids; empty means http://HOST:PORT."
    )
    host: str = _setting(_text(), "127.0.0.1", "Address to listen on.")
    port: int = _setting(_number(0, 65535), 8000, "Port to listen on.")
    contact: str = _setting(_text(most=200), "", "Mail or web address sent to every server we poll.")
    allow_addresses: tuple[Network, ...] = _setting(
        _networks, (), "Address ranges that may be polled although private, comma separated (127.0.0.0/8)."
    )
    trusted_proxies: tuple[str, ...] = _setting(
        _between_commas, (), "Addresses of reverse proxies whose X-Forwarded-* headers are believed, comma separated."
    )
    push: Push = _setting(
        _one_of(Push),
        "auto",
        "Subscribe to the hubs that feeds name (WebSub), where BASE_URL can be reached from outside.",
    )
    hub: str = _setting(
        _exact_url, "", "A WebSub hub that is told of each publication, and that feeds name to their readers."
    )
    meaning: Meaning = _setting(
        _one_of(Meaning),
        "auto",
        "Compare what articles mean, too, where the encoder's weights are installed; off: by words alone.",
    )
    alerts: tuple[str, ...] = _setting(
        _between_spaces,
        (),
        "Apprise addresses that hear of troubled sources, separated by spaces (mailto://…, slack://…).",
    )
    smtp_host: str = _setting(_text(most=253), "", "Mail server that digests leave by; empty: nobody can subscribe.")
    smtp_port: int = _setting(_number(0, 65535), 0, "Its port; 0 means the usual one: 587, with tls 465, with none 25.")
    smtp_security: SmtpSecurity = _setting(
        _one_of(SmtpSecurity), "starttls", "starttls, tls from the first byte, or none (for a server beside us)."
    )
    smtp_user: str = _setting(_text(most=254), "", "Name to sign in there with; empty: nobody signs in.")
    smtp_password: Path | None = _setting(_file, None, "File with the password of that name, on one line.")
    smtp_from: str = _setting(_text(most=254), "", "Address that digests come from (wire@example.org).")
    digest_hour: int = _setting(_number(0, 23), 7, "Hour (UTC) at which digests are made; weekly ones on Mondays.")
    data_minutes: int = _setting(
        _number(1, 1440), 15, "Minutes between two makings of the data files, however often wires are published."
    )
    data_licence: str = _setting(
        _text(least=1, most=300),
        "CC-BY-4.0",
        "Licence of the newsroom's own words in the data: CC-BY-4.0, CC-BY-SA-4.0, CC0-1.0, ODC-By-1.0, ODbL-1.0, or a "
        "name and the address of its text.",
    )
    claim_minutes: int = _setting(
        _number(1, 1440), 30, "Minutes after which a claim ends by itself, unless the editor still works on it."
    )
    openid_issuer: str = _setting(
        _url, "", "Issuer of the OpenID provider that editors may sign in at; empty: by password alone."
    )
    openid_client: str = _setting(_text(most=200), "", "What the provider knows this newsroom as (client_id).")
    openid_secret: Path | None = _setting(
        _file, None, "File with the client's secret; none: a public client, by PKCE alone."
    )
    openid_name: str = _setting(_text(least=1, most=60), "single sign-on", "What the sign-in page calls the provider.")
    openid_claim: str = _setting(_text(most=100), "groups", "Claim of the id token that roles are read from.")
    openid_roles: tuple[tuple[Role, str], ...] = _setting(
        _roles,
        (),
        "Roles by values of that claim, separated by spaces (admin=heads editor=desk reader=*); none: accounts are "
        "linked by hand.",
    )
    language_model_url: str = _setting(
        _url,
        "",
        "Endpoint of a language model that suggests (http://127.0.0.1:11434/v1); empty: none is asked, nothing leaves.",
    )
    language_model_name: str = _setting(_text(most=200), "", "The model's name, as the endpoint knows it.")
    language_model_key: Path | None = _setting(_file, None, "File with the endpoint's key; none: it asks for none.")
    language_model_requests: int = _setting(_number(0, 1_000_000), 200, "Requests to it a day (UTC), at most.")
    language_model_tokens: int = _setting(_number(0, 1_000_000_000), 1_000_000, "Tokens a day (UTC), at most.")
    language_model_rate: int = _setting(_number(1, 6_000), 6, "Requests a minute, at most.")
    language_model_seconds: int = _setting(_number(1, 600), 60, "Seconds that one answer may take.")
    language_model_top: int = _setting(
        _number(0, 100), 10, "Candidates at the top of the queue that it is asked about by itself; 0: at a wish alone."
    )
    workers: int = _setting(
        _number(1, 64),
        _cores,
        "Worker processes for parsing and extraction; one for each core unless said, at most 16.",
    )
    log_format: LogFormat = _setting(_one_of(LogFormat), "text", "One log line per event: text or json.")
    log_level: LogLevel = _setting(_one_of(LogLevel), "info", "The least that is logged.")

    def __post_init__(self) -> None:
        faults = []
        for each in fields(self):
            value = getattr(self, each.name)
            if not isinstance(value, str):
                continue
            try:
                object.__setattr__(self, each.name, each.metadata["read"](value))
            except ValueError as error:
                faults.append(f"{PREFIX}{each.name.upper()}: {error} (it says {value!r})")
        if self.language_model_url and not self.language_model_name:
            faults.append(f"{PREFIX}LANGUAGE_MODEL_NAME: must name the model, where an endpoint is named")
        if faults:
            raise Unconfigured("\n".join(faults))
        if not self.base_url:
            host = f"[{self.host}]" if ":" in self.host else self.host
            object.__setattr__(self, "base_url", f"http://{host}:{self.port}")

    @property
    def database(self) -> str:
        """The database's URL, with its default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'monitor.db').absolute()}"

    @property
    def secrets_dir(self) -> Path:
        """Where passwords of mailboxes lie, one file each, readable by the operator alone."""
        return self.data_dir / "secrets"

    @property
    def language_model(self) -> ModelEndpoint:
        """The endpoint and what it may take, its key not read yet."""
        return ModelEndpoint(
            url=self.language_model_url,
            name=self.language_model_name,
            requests_a_day=self.language_model_requests,
            tokens_a_day=self.language_model_tokens,
            requests_a_minute=self.language_model_rate,
            seconds=float(self.language_model_seconds),
            top=self.language_model_top,
        )

    @property
    def public_dir(self) -> Path:
        """Where published feeds lie as files."""
        return self.data_dir / "public"


def _said(environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings that an environment has, as text by name; names are read in small letters as well."""
    names = {f"{PREFIX}{each.name}".lower(): each.name for each in fields(Settings)}
    return {names[name.lower()]: value for name, value in environment.items() if name.lower() in names}


def read_settings(defaults: Mapping[str, Any] | None = None, **overrides: Any) -> Settings:
    """Settings from the environment, which `overrides` outdo and `defaults` do not; raises Unconfigured."""
    return Settings(**dict(defaults or {}) | _said(os.environ) | overrides)
