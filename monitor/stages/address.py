"""The address of a source, as feeds.yaml may name it: what is wrong with it, and when two lead to one place.

Two families: http and https for what is fetched, imap and imaps for a mailbox (RFC 5092: user name, host and folder).
No address holds a password: addresses are shown, logged and handed on.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

from monitor.model import Kind

MAX_URL = 2_048  # H13

_WEB = ("http", "https")
_MAIL = ("imap", "imaps")
_PORTS = {80, 443}
_MAIL_PORTS = {143, 993}
_UNSPOKEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def url_fault(url: str, kind: Kind = Kind.FEED, *, source: str = "") -> str | None:
    """What is wrong with an address for a source of this kind, as a sentence; None where nothing is.

    `source` is the source's id, where it is known: it names the place of a mailbox's password.
    """
    if len(url) > MAX_URL:
        return f"the URL has {len(url):,} characters; at most {MAX_URL:,} are allowed"
    if not url.isascii() or " " in url or not url.isprintable():
        return "the URL holds spaces or letters beyond ASCII: write it percent-encoded, the host in punycode"
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        return f"the URL cannot be read: {error}"
    is_mail = kind is Kind.MAILBOX
    if (parts.scheme not in _MAIL) if is_mail else (parts.scheme not in _WEB):
        return _scheme_fault(parts.scheme, is_mail=is_mail)
    if not has_host:
        return "the URL names no host"
    if is_mail:
        return _mailbox_fault(parts, source)
    if parts.username is not None or parts.password is not None:
        return "the URL holds credentials: they would be shown and logged, so none are taken"
    return None


def url_key(url: str) -> str:
    """One spelling for addresses that surely lead to one place: scheme, letter case of the host, default port.

    Only for addresses without a fault.
    """
    parts = urlsplit(url)
    is_mail = parts.scheme in _MAIL
    port = "" if parts.port is None or parts.port in (_MAIL_PORTS if is_mail else _PORTS) else f":{parts.port}"
    if is_mail:
        return f"{unquote(parts.username or '')}@{parts.hostname}{port}/{_folder(parts)}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.hostname}{port}{parts.path or '/'}{query}"


def password_variable(source: str) -> str:
    """The environment variable that may hold a mailbox's password."""
    return "MONITOR_MAILBOX_" + re.sub(r"[^A-Z0-9]", "_", source.upper())


def _scheme_fault(scheme: str, *, is_mail: bool) -> str:
    said = "missing" if not scheme else scheme[:20]
    if is_mail:
        return f"a mailbox's URL begins with imaps:// (or imap://), its scheme is {said}"
    hint = ", or say `kind: mailbox`" if scheme in _MAIL else ""
    return f"the URL's scheme is {said}; use http or https{hint}"


def _mailbox_fault(parts: SplitResult, source: str) -> str | None:
    if parts.password is not None:
        place, variable = (source, password_variable(source)) if source else ("<source id>", "MONITOR_MAILBOX_<ID>")
        return (
            f"the URL holds a password: take it out, and put it into the file secrets/{place} of the data folder "
            f"(monitor sources password {place} does that) or into {variable}"
        )
    if not parts.username:
        return (
            "a mailbox's URL needs the user name, an @ in it as %40: imaps://desk%40example.org@imap.example.org/INBOX"
        )
    if not _folder(parts):
        return "a mailbox's URL needs the folder to read: imaps://desk%40example.org@imap.example.org/INBOX"
    if parts.query or parts.fragment:
        return "a mailbox's URL ends with the folder: a ? in its name is written %3F, a # is written %23"
    if _UNSPOKEN.search(unquote(parts.username) + _folder(parts)):
        return "the user name or the folder holds control characters"
    return None


def _folder(parts: SplitResult) -> str:
    return unquote(parts.path[1:])
