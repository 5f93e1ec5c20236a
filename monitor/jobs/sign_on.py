"""Single sign-on: an editor signs in at the newsroom's OpenID provider, and comes back as who they are there.

Whoever comes back is found by issuer and subject, never by a name or a mail address, which others could take. Somebody
new gets an account where the provider's claim gives them a role; somebody with an account links it while signed in.
Where roles are mapped, each sign-in brings the role up to date.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.errors import Busy, Denied, IllegalDecision
from monitor.jobs.credentials import NO_PASSWORD, check_name
from monitor.jobs.people import SignedIn, note, open_session
from monitor.model import Claims, Clock, Editor, Role
from monitor.net.openid import Told, ask
from monitor.stages.openid import (
    Discovered,
    UnknownKey,
    authorization_url,
    discovery_url,
    read_claims,
    read_discovery,
    read_id_token,
    role_of,
)
from monitor.store import identities, people
from monitor.store.database import Database, Transaction

FRESH = timedelta(hours=1)  # how long what a provider says of itself, and its keys, are believed
RETRY = timedelta(minutes=1)  # an unknown key is looked for again, but not more often
LIFE = timedelta(minutes=10)  # from leaving for the provider to coming back
LONGEST_CODE = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A sign-in that is under way: what the browser carries in a cookie of its own until it is back."""

    state: str
    nonce: str
    verifier: str  # PKCE: what only this browser can show
    next_path: str
    is_link: bool  # of somebody signed in who links their account
    began_at: datetime

    def pack(self) -> str:
        """As a cookie has it."""
        told = [self.state, self.nonce, self.verifier, self.next_path, self.is_link, self.began_at.timestamp()]
        return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


@dataclass(kw_only=True)
class OpenId:
    """The newsroom's provider, and what it said lately. One for the process; safe from any thread."""

    issuer: str
    client: str
    secret: str  # "": a public client, with PKCE alone
    claim: str  # that roles are read from
    mapping: Sequence[tuple[Role, str]]
    redirect: str  # where browsers come back to
    user_agent: str
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: dict[str, tuple[datetime, bytes]] = field(default_factory=dict)

    def describe(self, now: datetime) -> Discovered:
        """Where the provider is asked what; raises Busy where it does not answer, Denied where it is not the one."""
        return read_discovery(self._keep(discovery_url(self.issuer), now, FRESH), issuer=self.issuer)

    def keys(self, now: datetime, *, again: bool = False) -> bytes:
        """The keys it signs with; `again` asks anew where that was not done within RETRY."""
        return self._keep(self.describe(now).jwks_uri, now, RETRY if again else FRESH)

    def exchange(self, code: str, verifier: str, now: datetime) -> str:
        """The id token for a code; raises Denied, Busy."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect,
            "code_verifier": verifier,
        }
        login = (self.client, self.secret) if self.secret else None
        told = ask(
            self.describe(now).token_endpoint,
            form=form if login else form | {"client_id": self.client},
            login=login,
            user_agent=self.user_agent,
        )
        if told.fault:
            raise _silent(told)
        if not told.is_good:
            raise Denied(f"The provider refused the code ({told.status}).")
        return read_id_token(told.body)

    def _keep(self, url: str, now: datetime, fresh: timedelta) -> bytes:
        with self._lock:
            kept = self._kept.get(url)
            if kept is not None and timedelta() <= now - kept[0] < fresh:
                return kept[1]
            told = ask(url, user_agent=self.user_agent)
            if not told.is_good:
                raise _silent(told)
            self._kept[url] = (now, told.body)
            return told.body


def _silent(told: Told) -> Busy:
    why = told.fault or f"it answered {told.status}"
    return Busy(f"The sign-on provider does not answer ({why}). Nothing was changed; try again, or use your password.")


def begin(openid: OpenId, clock: Clock, *, next_path: str, is_link: bool) -> tuple[str, Trip]:
    """Where to send the browser, and what it carries meanwhile; raises Busy, Denied."""
    trip = Trip(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        next_path=next_path,
        is_link=is_link,
        began_at=clock.now(),
    )
    url = authorization_url(
        openid.describe(clock.now()),
        client=openid.client,
        redirect=openid.redirect,
        state=trip.state,
        nonce=trip.nonce,
        verifier=trip.verifier,
        claim=openid.claim,
    )
    return url, trip


def unpack(cookie: str, *, now: datetime) -> Trip | None:
    """The sign-in a cookie tells of; None where it is none, or was begun too long ago."""
    try:
        state, nonce, verifier, next_path, is_link, began = json.loads(base64.urlsafe_b64decode(cookie))
        began_at = datetime.fromtimestamp(began, now.tzinfo)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    if not all(isinstance(word, str) and word for word in (state, nonce, verifier, next_path)):
        return None
    if not timedelta() <= now - began_at <= LIFE:
        return None
    return Trip(
        state=state, nonce=nonce, verifier=verifier, next_path=next_path, is_link=is_link is True, began_at=began_at
    )


def finish(openid: OpenId, clock: Clock, trip: Trip | None, *, state: str, code: str, issuer: str) -> Claims:
    """Who has come back; `issuer` is what the address says of itself (RFC 9207). Raises Denied, Busy."""
    if trip is None or not secrets.compare_digest(state.encode(), trip.state.encode()):
        raise Denied("This sign-in was begun in another browser, or too long ago. Begin again.")
    now = clock.now()
    provider = openid.describe(now)
    if (issuer or provider.names_issuer) and issuer != provider.issuer:
        raise Denied("The answer comes from another provider.")
    if not 0 < len(code) <= LONGEST_CODE:
        raise Denied("The provider sent no code.")
    token = openid.exchange(code, trip.verifier, now)

    def read(keys: bytes) -> Claims:
        return read_claims(
            token,
            keys=keys,
            issuer=provider.issuer,
            client=openid.client,
            nonce=trip.nonce,
            now=now,
            claim=openid.claim,
        )

    return _with_new_keys(read, openid, now)


def _with_new_keys(read: Callable[[bytes], Claims], openid: OpenId, now: datetime) -> Claims:
    try:
        return read(openid.keys(now))
    except UnknownKey:
        return read(openid.keys(now, again=True))


def sign_in(
    database: Database, clock: Clock, openid: OpenId, claims: Claims, *, address: str, user_agent: str
) -> SignedIn:
    """A session for whom the provider vouches for; makes the account, or moves its role, as the mapping says.

    Raises Denied where nobody here is meant, or they are barred.
    """
    role = role_of(claims.roles, openid.mapping)
    if openid.mapping and role is None:
        raise Denied("Your account at the provider has no role here. Ask an admin of this newsroom.")
    with database.write() as tx:
        editor = identities.find_editor(tx, issuer=claims.issuer, subject=claims.subject)
        if editor is None:
            editor = _make(tx, clock, claims, role, address)
        if editor.is_disabled:
            raise Denied("Your account here is disabled. Ask an admin of this newsroom.")
        if role is not None and role is not editor.role:
            was: dict[str, object] = {"role": editor.role.value}
            note(tx, clock, claims.issuer, "editor.role", editor.name, before=was, after={"role": role.value})
            editor = people.record_standing(tx, editor.name, role=role)
            people.end_sessions(tx, editor.id)
        return open_session(tx, clock, editor, address=address, user_agent=user_agent)


def _make(tx: Transaction, clock: Clock, claims: Claims, role: Role | None, address: str) -> Editor:
    if role is None:
        raise Denied(
            "Nobody here is linked to this sign-in. Sign in with your password, then link it under your account; or "
            "ask an admin for an invitation."
        )
    try:
        name = check_name(unicodedata.normalize("NFC", claims.name))
        editor = people.add_editor(tx, name=name, role=role, password_hash=NO_PASSWORD, now=clock.now())
    except IllegalDecision as error:
        raise Denied(f"No account was made: {error} If it is yours, sign in with its password and link it.") from error
    identities.add_identity(tx, editor.id, issuer=claims.issuer, subject=claims.subject, now=clock.now())
    after: dict[str, object] = {"role": role.value, "issuer": claims.issuer, "subject": claims.subject}
    note(tx, clock, name, "editor.join", name, after=after, address=address)
    return editor


def link(database: Database, clock: Clock, editor: Editor, claims: Claims, *, address: str) -> None:
    """Let somebody who is signed in come in by the provider as well; raises IllegalDecision where that is taken."""
    with database.write() as tx:
        identities.add_identity(tx, editor.id, issuer=claims.issuer, subject=claims.subject, now=clock.now())
        after: dict[str, object] = {"issuer": claims.issuer, "subject": claims.subject}
        note(tx, clock, editor.name, "identity.link", editor.name, after=after, address=address)


def count_links(database: Database, editor: Editor, openid: OpenId) -> int:
    """How many people at the provider are this editor."""
    with database.read() as tx:
        return identities.count_identities(tx, editor.id, issuer=openid.issuer)


def part(database: Database, clock: Clock, editor: Editor, openid: OpenId, *, address: str) -> None:
    """Undo every link; raises IllegalDecision where no other way in would be left."""
    with database.write() as tx:
        found = people.find_password(tx, editor.name)
        if found is None or found[1] == NO_PASSWORD:
            raise IllegalDecision("Single sign-on is the only way into your account. Nothing was changed.")
        parted = identities.drop_identities(tx, editor.id, issuer=openid.issuer)
        note(tx, clock, editor.name, "identity.part", editor.name, before={"links": parted}, address=address)


def note_refusal(database: Database, clock: Clock, *, why: str, address: str) -> None:
    """A sign-on that failed is in the audit (D11)."""
    with database.write() as tx:
        note(tx, clock, "unknown", "session.refused", "single sign-on", after={"why": why}, address=address)
