"""Passwords, names and secrets: what may be one, and what is kept of it (D3, D4)."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.errors import Busy, IllegalDecision
from monitor.shipped import shipped_path

MIN_PASSWORD = 12
MAX_PASSWORD = 128
MAX_NAME = 80
NO_PASSWORD = ""  # kept instead of a hash for whoever signs in elsewhere: no password fits it
_KEYBOARDS = (
    "1234567890qwertyuiopasdfghjklzxcvbnm",
    "1234567890qwertzuiopasdfghjklyxcvbnm",
    "1234567890azertyuiopqsdfghjklmwxcvbn",
    "abcdefghijklmnopqrstuvwxyz",
)
HASH_WAIT_SECONDS = 10.0
_STAND_INS = str.maketrans("0134578@$!", "oieastbasi")

# OWASP ASVS 11.4.2 asks for 19 MiB and t=2 at least (D3); two at once keep a burst of guesses within 64 MiB.
HASHER = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
_hashing = BoundedSemaphore(2)


@contextmanager
def _hash_slot() -> Iterator[None]:
    if not _hashing.acquire(timeout=HASH_WAIT_SECONDS):
        raise Busy("Many people are signing in at once. Nothing was changed; try again in a moment.")
    try:
        yield
    finally:
        _hashing.release()


def hash_password(password: str) -> str:
    """argon2id, at most two at once (D3)."""
    with _hash_slot():
        return HASHER.hash(password)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe(24))


def is_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one; takes the same time where there is none."""
    with _hash_slot():
        try:
            HASHER.verify(stored or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(stored)


@cache
def _refused_passwords() -> frozenset[str]:
    text = shipped_path("refused_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _flat(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _is_repetitive(flat: str) -> bool:
    """One piece of up to 8 characters again and again, hardly any different characters, or a walk on the keyboard."""
    if len(set(flat)) < 5:
        return True
    if any(flat in rows or flat in rows[::-1] for rows in _KEYBOARDS):
        return True
    return any(flat == (flat[:n] * len(flat))[: len(flat)] for n in range(1, min(9, len(flat) // 2 + 1)))


def _guesses(password: str) -> set[str]:
    """The plain words a guesser would have to try: without digits at the ends, without the usual stand-ins."""
    flat = _flat(password)
    spelled = _flat(password.casefold().translate(_STAND_INS))
    bare = _flat(flat.strip("0123456789").translate(_STAND_INS))
    return {flat, spelled, flat.strip("0123456789"), bare}


def check_password(password: str, *, name: str, newsroom: str = "Monitor") -> None:
    """Refuse what anybody would guess (D4), with the reason (IllegalDecision); no rules of composition."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise IllegalDecision(
            f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters; this one has {len(password)}. "
            "A sentence you can remember is a good one."
        )
    flat = _flat(password)
    if _is_repetitive(flat) or not _guesses(password).isdisjoint(_refused_passwords()):
        raise IllegalDecision("This password is among the first that somebody would try. Choose another.")
    for word in (_flat(name), _flat(newsroom), "monitor"):
        rest = flat.replace(word, "") if len(word) >= 3 else flat
        if rest != flat and len(rest) < 6:
            raise IllegalDecision("This password is little more than a name everybody knows. Choose another.")


def check_name(name: str) -> str:
    """The name as it will stand under decisions: trimmed, NFC; raises IllegalDecision."""
    clean = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 1 <= len(clean) <= MAX_NAME or not all(c.isalnum() or c in " .-_'@+" for c in clean):
        raise IllegalDecision(f"A name has 1 to {MAX_NAME} letters, digits, spaces or . - _ ' @ + in it.")
    return clean


def digest(token: str) -> str:
    """What is kept of a secret: its SHA-256."""
    return sha256(token.encode()).hexdigest()
