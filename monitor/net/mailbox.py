"""A mailbox over IMAP (RFC 9051, 3501): what has come since the last visit, without leaving a trace in it.

Read-only: EXAMINE and BODY.PEEK, so that no flag changes and every message stays where it is. The way to the server is
guarded like any other (H1-H3): resolved, checked, connected to the address that was checked, the certificate's name
verified. IMAPS, or STARTTLS before anything else is said; in the clear only to this machine itself. A message that is
too large is fetched as far as the limit reaches: its text stands before what is attached to it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from monitor.model import Failure
from monitor.net.guard import Address, Network, Refusal, check_address
from monitor.net.target import Target, plain, read_target
from monitor.net.wire import resolve

MESSAGES = 100  # in one visit: the newest of a mailbox that is new to us, then the oldest that have not been read
MESSAGE_BYTES = 1_000_000  # of one message
VISIT_BYTES = 20_000_000  # of all messages of one visit
WINDOW = 2_000  # newest messages that are looked at; what lies behind them is not news (H13)

_PORTS = {"imap": 143, "imaps": 993}
_LINE_BYTES = 64_000
_CONNECT_SECONDS = 10.0  # for each address but the last: the next may be nearer
_GOODBYE_SECONDS = 2.0
_SIZED = re.compile(rb"\{0*(\d+)\+?\}$")
_BUSY = (b"[UNAVAILABLE]", b"[INUSE]", b"[LIMIT]", b"[SERVERBUG]", b"[CONTACTADMIN]")  # RFC 5530: not the password


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Where a mailbox is, and whose."""

    target: Target
    is_secured: bool  # TLS from the first byte
    user: str
    folder: str


@dataclass(slots=True, kw_only=True)
class Visit:
    """What one visit brought so far: complete messages, oldest first, and how far the mailbox was read."""

    messages: list[bytes] = field(default_factory=list)
    cursor: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)  # limits that were applied: for the operator (H13)


def read_mailbox(url: str) -> Mailbox:
    """Read a mailbox's address (RFC 5092); raises Refusal."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refusal(Failure.BAD_URL, f"{plain(url, 80)!r} is not a URL: {plain(str(error))}") from None
    if parts.scheme not in _PORTS:
        raise Refusal(Failure.BAD_URL, f"{plain(url, 80)!r} is neither imaps nor imap")
    if parts.password is not None:
        raise Refusal(Failure.BAD_URL, "the address holds a password: it does not belong there")
    user, folder = unquote(parts.username or ""), unquote(parts.path[1:]) or "INBOX"
    if not user or re.search(r"[\x00-\x1f\x7f]", user + folder):
        raise Refusal(Failure.BAD_URL, "the mailbox's address names no user, or holds control characters")
    spelled = f"[{host}]" if ":" in host else host
    target = read_target(f"http://{spelled}:{port or _PORTS[parts.scheme]}/")
    return Mailbox(target=target, is_secured=parts.scheme == "imaps", user=user, folder=folder)


async def visit_mailbox(
    mailbox: Mailbox,
    password: str,
    *,
    cursor: dict[str, Any] | None,
    allow: Sequence[Network],
    tls: ssl.SSLContext,
    seconds: float,
) -> Visit:
    """Fetch what has come since `cursor`, all within `seconds` of real time; raises Refusal.

    Where the time runs out or the connection breaks, the messages that came whole are kept, and the next visit goes on
    after them.
    """
    visit = Visit()
    try:
        async with asyncio.timeout(seconds), await _Session.open(mailbox, allow=allow, tls=tls) as session:
            await session.log_in(mailbox.user, password)
            await _read(session, mailbox.folder, cursor, visit)
    except (Refusal, TimeoutError, OSError, asyncio.IncompleteReadError) as error:
        if not visit.messages:
            raise _refusal(error, mailbox.target.host, seconds) from None
    return visit


def _refusal(error: BaseException, host: str, seconds: float) -> Refusal:
    match error:
        case Refusal():
            return error
        case TimeoutError():
            return Refusal(Failure.TIMEOUT, f"not finished after {seconds:.0f} s")
        case ssl.SSLError():
            return Refusal(Failure.TLS, f"no secure connection to {host}: {plain(str(error))}")
        case asyncio.IncompleteReadError():
            return Refusal(Failure.CONNECT, f"{host} ended the connection")
        case _:
            return Refusal(Failure.CONNECT, f"the connection to {host} broke: {plain(str(error))}")


# --- what is new ------------------------------------------------------------------------------------------------


async def _read(session: _Session, folder: str, cursor: dict[str, Any] | None, visit: Visit) -> None:
    """Fill `visit` with the messages that stand behind `cursor`.

    A folder whose UIDVALIDITY has changed is read as if for the first time (RFC 9051 2.3.1.1).
    """
    state = await session.examine(folder)
    last = cursor["uid"] if cursor is not None and cursor.get("uidvalidity") == state.uidvalidity else 0
    window = min(state.count, WINDOW if last else MESSAGES)
    if state.next_uid is not None:
        window = min(window, state.next_uid - 1 - last)
    if window <= 0:
        return
    sizes = await session.sizes(state.count - window + 1, state.count)
    waiting = sorted(uid for uid in sizes if uid > last)
    if state.count > window == (WINDOW if last else MESSAGES):
        visit.notes.append(f"of {state.count} messages the newest {window} were looked at")
    chosen = _affordable(waiting, sizes)
    if len(waiting) > len(chosen):
        visit.notes.append(f"{len(waiting) - len(chosen)} more wait for the next visit")
    if cut := sum(sizes[uid] > MESSAGE_BYTES for uid in chosen):
        visit.notes.append(f"cut to {MESSAGE_BYTES} bytes: {cut} of the messages")
    for uid in chosen:
        message = await session.message(uid)
        if message is not None:
            visit.messages.append(message)
        visit.cursor = {"uidvalidity": state.uidvalidity, "uid": uid}


def _affordable(waiting: Sequence[int], sizes: Mapping[int, int]) -> list[int]:
    """The oldest of the messages that wait, as many as one visit may bring."""
    chosen, budget = [], VISIT_BYTES
    for uid in waiting[:MESSAGES]:
        budget -= min(sizes[uid], MESSAGE_BYTES)
        if budget < 0:
            break
        chosen.append(uid)
    return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    count: int  # messages in it
    uidvalidity: int | None
    next_uid: int | None


@dataclass(frozen=True, slots=True)
class _Response:
    """One answer line, with the literals that stood in it."""

    text: bytes
    literals: tuple[bytes, ...]


# --- the protocol -----------------------------------------------------------------------------------------------


class _Session:
    """One connection. Every wait is under the deadline of whoever opened it; every size is bounded here."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader = reader
        self._writer = writer
        self._beneath: asyncio.StreamWriter | None = None
        self._host = host
        self._left = VISIT_BYTES + 5_000_000
        self._tag = 0
        self._abilities: frozenset[bytes] = frozenset()

    @classmethod
    async def open(cls, mailbox: Mailbox, *, allow: Sequence[Network], tls: ssl.SSLContext) -> Self:
        """Connected, greeted and secured; raises Refusal, OSError."""
        target = mailbox.target
        address, reader, writer = await _connect(target, allow, tls if mailbox.is_secured else None)
        session = cls(reader, writer, target.host)
        try:
            if not (await session._response()).text.startswith((b"* OK", b"* PREAUTH")):
                raise Refusal(Failure.PROTOCOL, f"{target.host} does not greet as an IMAP server does")
            if not mailbox.is_secured and not address.is_loopback:
                await session._secure(tls)
            session._abilities = await session._ask_abilities()
        except BaseException:
            await session.close()
            raise
        return session

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            with contextlib.suppress(Refusal, TimeoutError, OSError, asyncio.IncompleteReadError):
                async with asyncio.timeout(_GOODBYE_SECONDS):
                    await self._command("LOGOUT", is_last=True)
        await self.close()

    async def close(self) -> None:
        """Let go of the socket at once: a server that does not answer must not hold it."""
        self._writer.transport.abort()
        await asyncio.sleep(0)  # the socket is closed in the loop's next round

    async def log_in(self, user: str, password: str) -> None:
        """Say who we are; raises Refusal LOGIN where the server does not take it."""
        if b"AUTH=PLAIN" in self._abilities:  # takes any character
            secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
            answer = await self._command("AUTHENTICATE PLAIN", then=secret, is_judged=False)
        elif b"LOGINDISABLED" in self._abilities or not (user + password).isascii():
            raise Refusal(Failure.LOGIN, f"{self._host} takes no password in a way that Monitor knows (AUTH=PLAIN)")
        else:
            answer = await self._command(f"LOGIN {_quoted(user)} {_quoted(password)}", is_judged=False)
        said = answer[-1].text.partition(b" ")[2]
        if not said.startswith(b"OK"):
            words = _words(said, without=password)
            if any(code in said.upper() for code in _BUSY):
                raise Refusal(Failure.SERVER_ERROR, f"{self._host} lets nobody in now: {words}")
            raise Refusal(Failure.LOGIN, f"{self._host} refused the user name or the password: {words}")

    async def examine(self, folder: str) -> _Folder:
        """Open a folder read-only; raises Refusal NOT_FOUND."""
        answer = await self._command(f"EXAMINE {_quoted(_mailbox_name(folder))}", is_judged=False)
        if not answer[-1].text.partition(b" ")[2].startswith(b"OK"):
            words = _words(answer[-1].text.partition(b" ")[2])
            raise Refusal(Failure.NOT_FOUND, f"the folder {plain(folder, 80)!r} cannot be read: {words}")
        said = b"\n".join(response.text for response in answer)
        return _Folder(
            count=_number(rb"(?m)^\* (\d+) EXISTS", said) or 0,
            uidvalidity=_number(rb"\[UIDVALIDITY (\d+)\]", said),
            next_uid=_number(rb"\[UIDNEXT (\d+)\]", said),
        )

    async def sizes(self, first: int, last: int) -> dict[int, int]:
        """UID and size in bytes of the messages in these places of the folder."""
        found: dict[int, int] = {}
        for response in await self._command(f"FETCH {first}:{last} (UID RFC822.SIZE)"):
            uid, size = _number(rb"\bUID (\d+)", response.text), _number(rb"\bRFC822\.SIZE (\d+)", response.text)
            if b" FETCH " in response.text and uid is not None and size is not None:
                found[uid] = size
        return found

    async def message(self, uid: int) -> bytes | None:
        """The message as served, at most MESSAGE_BYTES of it; None where it has gone meanwhile."""
        for response in await self._command(f"UID FETCH {uid} (UID BODY.PEEK[]<0.{MESSAGE_BYTES}>)"):
            if b" FETCH " in response.text and _number(rb"\bUID (\d+)", response.text) == uid:
                if response.literals:
                    return response.literals[0]
                short = re.search(rb'BODY\[\](?:<0>)? "((?:[^"\\]|\\.)*)"', response.text)
                if short is not None:
                    return re.sub(rb"\\(.)", rb"\1", short[1])
        return None

    # --- lines --------------------------------------------------------------------------------------------------

    async def _ask_abilities(self) -> frozenset[bytes]:
        said = [r.text for r in await self._command("CAPABILITY") if r.text.upper().startswith(b"* CAPABILITY ")]
        return frozenset(word for line in said for word in line.upper().split()[2:])

    async def _secure(self, tls: ssl.SSLContext) -> None:
        """STARTTLS. What came before it is forgotten, the reader with it: it could have been slipped in."""
        if b"STARTTLS" not in await self._ask_abilities():
            detail = f"{self._host} offers no encryption: the password would travel in the clear. Use imaps://"
            raise Refusal(Failure.TLS, detail)
        await self._command("STARTTLS")
        reader = asyncio.StreamReader(limit=_LINE_BYTES)
        protocol = asyncio.StreamReaderProtocol(reader)
        loop = asyncio.get_running_loop()
        transport = await loop.start_tls(self._writer.transport, protocol, tls, server_hostname=self._host)
        assert transport is not None
        reader.set_transport(transport)
        self._beneath = self._writer  # a writer that nobody holds closes its transport, which carries this one
        self._reader, self._writer = reader, asyncio.StreamWriter(transport, protocol, reader, loop)

    async def _command(
        self, text: str, *, then: str | None = None, is_judged: bool = True, is_last: bool = False
    ) -> list[_Response]:
        """Everything that is answered, the tagged line last; raises Refusal where it is not OK and `is_judged`."""
        self._tag += 1
        tag = f"m{self._tag} ".encode()
        self._writer.write(tag + text.encode("ascii") + b"\r\n")
        await self._writer.drain()
        answer: list[_Response] = []
        while not answer or not answer[-1].text.startswith(tag):
            if len(answer) > WINDOW + 1_000:
                raise Refusal(Failure.PROTOCOL, f"{self._host} answers without end")
            response = await self._response()
            if then is not None and response.text.startswith(b"+"):
                self._writer.write(then.encode("ascii") + b"\r\n")
                then = None
            elif response.text.startswith(b"* BYE") and not is_last:
                raise Refusal(Failure.CONNECT, f"{self._host} said goodbye: {_words(response.text[5:])}")
            else:
                answer.append(response)
        if is_judged and not answer[-1].text[len(tag) :].startswith(b"OK"):
            words = _words(answer[-1].text[len(tag) :])
            raise Refusal(Failure.PROTOCOL, f"{self._host} refused {text.split()[0]}: {words}")
        return answer

    async def _response(self) -> _Response:
        """One line; a literal at its end is read, and the line goes on behind it (RFC 9051 4.3)."""
        text = b""
        literals: list[bytes] = []
        while True:
            text += await self._line()
            sized = _SIZED.search(text)
            if sized is None:
                return _Response(text, tuple(literals))
            if len(sized[1]) > 9 or int(sized[1]) > MESSAGE_BYTES or len(literals) > 20 or len(text) > _LINE_BYTES:
                raise Refusal(Failure.TOO_LARGE, f"{self._host} sends more than was asked for")
            literals.append(await self._reader.readexactly(self._counted(int(sized[1]))))
            text = text[: sized.start()]

    async def _line(self) -> bytes:
        try:
            line = await self._reader.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            raise Refusal(Failure.PROTOCOL, f"{self._host} sends a line of over {_LINE_BYTES} bytes") from None
        self._counted(len(line))
        return line.rstrip(b"\r\n")

    def _counted(self, size: int) -> int:
        self._left -= size
        if self._left < 0:
            raise Refusal(Failure.TOO_LARGE, f"{self._host} sends far more than was asked for")
        return size


async def _connect(
    target: Target, allow: Sequence[Network], tls: ssl.SSLContext | None
) -> tuple[Address, asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first address that answers, once all of them have been checked (H2, H3)."""
    addresses = await resolve(target)
    for address in addresses:
        check_address(address, allow)
    error: OSError | None = None
    for address, seconds in zip(addresses, _patience(len(addresses)), strict=True):
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await asyncio.open_connection(
                    str(address),
                    target.port,
                    limit=_LINE_BYTES,
                    ssl=tls,
                    server_hostname=target.host if tls is not None else None,
                )
                return address, reader, writer
        except ssl.SSLError:
            raise
        except OSError as one:  # TimeoutError is one of them
            error = one
    where = f"{target.host} ({addresses[-1]}) port {target.port}"
    raise Refusal(Failure.CONNECT, f"no connection to {where}: {plain(str(error)) or 'no answer'}")


def _patience(count: int) -> Iterator[float | None]:
    """Seconds for each of `count` addresses; the last has all that is left."""
    yield from [_CONNECT_SECONDS] * (count - 1)
    yield None


def _mailbox_name(name: str) -> str:
    """A folder's name in modified UTF-7 (RFC 3501 5.1.3)."""

    def coded(found: re.Match[str]) -> str:
        shifted = base64.b64encode(found[0].encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
        return f"&{shifted.decode()}-"

    return re.sub(r"[^\x20-\x7e]+", coded, name.replace("&", "&-"))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _number(pattern: bytes, text: bytes) -> int | None:
    found = re.search(pattern, text, re.IGNORECASE)
    return int(found[1]) if found is not None and len(found[1]) < 15 else None


def _words(said: bytes, *, without: str = "") -> str:
    """What a server said, as one safe line; a password that it repeats is masked."""
    words = plain(said.decode("utf-8", "replace"))
    return (words.replace(without, "***") if without else words) or "no reason given"
