"""Which addresses may be asked (H1-H3). Pure: an address in, a verdict out.

`ipaddress.is_global` says yes to several addresses that lead inside (192.0.0.8, 2002:7f00:1::, 64:ff9b:1::1) and to
multicast, so the list is our own: the IANA special-purpose registries (RFC 6890 and what followed), and every IPv6
form that carries an IPv4 address is unpacked first.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from monitor.model import Failure

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Refusal(Exception):
    """An exchange that ends here; becomes a `model.Failed`. `detail` is one line."""

    def __init__(self, kind: Failure, detail: str, *, status: int | None = None) -> None:
        self.kind = kind
        self.detail = detail
        self.status = status
        super().__init__(detail)


_DENIED: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(text), why)
    for text, why in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by carriers (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "for documentation"),
        ("192.31.196.0/24", "reserved (AS112)"),
        ("192.52.193.0/24", "reserved (AMT)"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "reserved (AS112)"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/96", "unspecified, loopback or IPv4-compatible"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b:1::/48", "NAT64 for local use"),
        ("100::/64", "discard-only"),
        ("2001::/23", "reserved for protocols (Teredo among them)"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "for documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: the interface id of an address that carries an IPv4 one


def check_address(address: Address, allow: Sequence[Network] = ()) -> None:
    """Raise Refusal where `address`, or an IPv4 address inside it, may not be asked; `allow` names exceptions."""
    inner = unpack(address)
    if _is_in(inner, allow) or _is_in(address, allow):
        return
    is_plain_carrier = address in _NAT64 or _is_mapped(address)  # asking it is asking the address inside
    for candidate in (inner,) if is_plain_carrier else (inner, address):
        if why := _why_denied(candidate):
            inside = "" if inner == address else f" (it carries {inner})"
            raise Refusal(
                Failure.REFUSED_ADDRESS,
                f"{address}{inside} is {why}; MONITOR_ALLOW_ADDRESSES names ranges that may be asked all the same",
            )


def unpack(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries: mapped, NAT64, 6to4, Teredo, ISATAP; else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    low = IPv4Address(int(address) & 0xFFFF_FFFF)
    return low if address in _NAT64 or int(address) >> 32 & 0xFFFF_FFFF in _ISATAP else address


def normal_host(host: str) -> str:
    """A host as a resolver would come to see it: full-width forms and other full stops made plain (UTS 46), lower."""
    if not host.isascii():
        host = unicodedata.normalize("NFKC", host).replace("\u3002", ".")
    return host.rstrip(".").lower()


def read_numeric_host(host: str) -> Address | None:
    """The address that a host spells in digits, in any form that a C library would take; None for a name.

    Takes `127.1`, `2130706433`, `0x7f.1`, `0177.0.0.1` and full-width digits as the WHATWG URL standard does (host
    parsing, "ends in a number"); raises Refusal for digits that are no address.
    """
    text = normal_host(host)
    if ":" in text:
        try:
            if "%" in text:
                raise ValueError("a zone means something on one machine only")
            return IPv6Address(text)
        except ValueError:
            raise Refusal(Failure.BAD_URL, f"{host!r} is not an IPv6 address") from None
    labels = text.split(".")
    if not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        return None
    try:
        return _read_ipv4(labels)
    except ValueError:
        raise Refusal(Failure.BAD_URL, f"{host!r} is neither a name nor an address") from None


def _read_ipv4(labels: list[str]) -> IPv4Address:
    if len(labels) > 4:
        raise ValueError("too many parts")
    *high, last = [_read_number(label) for label in labels]
    if any(part > 255 for part in high) or last >= 256 ** (5 - len(labels)):
        raise ValueError("a part is too large")
    return IPv4Address(last + sum(part << 8 * (3 - place) for place, part in enumerate(high)))


def _read_number(label: str) -> int:
    if not label or len(label) > 40 or not label.isascii():
        raise ValueError("not a number")
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8) if label.startswith("0") and len(label) > 1 else int(label, 10)


@functools.lru_cache(maxsize=1_024)
def _why_denied(address: Address) -> str | None:
    for network, why in _DENIED:
        if address in network:
            return why
    if isinstance(address, IPv6Address) and address not in _GLOBAL_V6:
        return "outside the global unicast range"
    return None


def _is_mapped(address: Address) -> bool:
    return isinstance(address, IPv6Address) and address.ipv4_mapped is not None


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
