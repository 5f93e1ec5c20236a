"""language model: ask the operator's endpoint about candidates, where there is one, and keep what it suggests.

Off unless an endpoint is configured: then nothing here runs, and nothing leaves the machine. What an editor wishes is
asked first, then what stands at the top of the queue, each once for the articles it has. One request at a time, within
the day's budget and the minute's rate, both counted from the record of calls, so that a restart forgets neither. What
comes back is read by `stages/answer.py` and applied by nobody but an editor.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from monitor.errors import IllegalDecision, Unconfigured
from monitor.log import get_log
from monitor.model import (
    AskState,
    Candidate,
    CandidateId,
    Clock,
    Codebook,
    Filter,
    MachineAsk,
    MachineCall,
    Member,
    ModelEndpoint,
    Reply,
    Suggestion,
)
from monitor.stages.answer import Unfit, read_answer, read_reply, usable
from monitor.stages.codebook import ProviderIndex
from monitor.stages.prompt import ANSWER_TOKENS, ask_about, asked_about, digest_of
from monitor.store import machine as store
from monitor.store.candidates import get_candidate
from monitor.store.database import Database, Transaction
from monitor.store.grouping import list_members
from monitor.store.queue import list_filtered

Converse = Callable[[Mapping[str, Any], datetime], Reply]  # sends a body; never raises by design

LEASE = timedelta(minutes=10)  # longer than any answer may take
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))  # then it is given up
JITTER = 0.2
LONGEST_WAIT = timedelta(hours=6)  # that an endpoint may ask for
_SIGNS_A_TOKEN = 3  # where the endpoint does not say: rather too many tokens than too few
_BATCH = 20  # requests a tick, at most
_log = get_log()
_random = secrets.SystemRandom()


@dataclass(slots=True)
class Habits:
    """What was learnt of an endpoint since the start."""

    has_schemas: bool = True  # whether it takes a response_format


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultReport:
    """What a tick asked."""

    answered_count: int = 0
    failed_count: int = 0
    is_spent: bool = False  # the day's budget or the minute's rate ended it

    def __str__(self) -> str:
        more = "; the budget is spent for now" if self.is_spent else ""
        return f"{self.answered_count} answers, {self.failed_count} not yet{more}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultant:
    """Whom to ask, and by what its answers are read."""

    endpoint: ModelEndpoint
    codebook: Codebook
    providers: ProviderIndex
    converse: Converse
    habits: Habits = field(default_factory=Habits)

    def body(self, members: Sequence[Member]) -> dict[str, Any]:
        return ask_about(members, self.codebook, self.providers, self.endpoint.name)


def endpoint_with_key(endpoint: ModelEndpoint, file: Path | None) -> ModelEndpoint:
    """The endpoint with the key in `file`; raises Unconfigured where that cannot be read as one line."""
    if not endpoint.is_on or file is None:
        return endpoint
    try:
        key = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise Unconfigured(f"MONITOR_LANGUAGE_MODEL_KEY: {file} cannot be read ({error}).") from error
    if not key.isascii() or not key.isprintable():
        raise Unconfigured(f"MONITOR_LANGUAGE_MODEL_KEY: {file} must hold the key, on one line, and nothing else.")
    return replace(endpoint, key=key)


# --- wishing ----------------------------------------------------------------------------------------------------


def wish(
    database: Database,
    clock: Clock,
    candidate: CandidateId,
    *,
    editor: str,
    endpoint: ModelEndpoint,
    codebook: Codebook,
    providers: ProviderIndex,
) -> MachineAsk:
    """Let the model be asked about a candidate next; raises IllegalDecision where there is none, Unknown."""
    if not endpoint.is_on:
        raise IllegalDecision("No language model is configured (MONITOR_LANGUAGE_MODEL_URL). Nothing was sent.")
    with database.write() as tx:
        get_candidate(tx, candidate)
        digest = digest_of(ask_about(list_members(tx, candidate), codebook, providers, endpoint.name))
        return store.add_ask(tx, candidate, material=digest, wanted_by=editor, now=clock.now())


def look_ahead(database: Database, clock: Clock, consultant: Consultant) -> int:
    """Put on the list what stands at the top of the queue, or has grown since it was asked about; how many."""
    if not consultant.endpoint.top:
        return 0
    now = clock.now()
    with database.read() as tx:
        first = list_filtered(tx, Filter(), who="", now=now, limit=consultant.endpoint.top)
        news = [(c.id, digest) for c in first if (digest := _news(tx, c, consultant)) is not None]
    if news:
        with database.write() as tx:
            for candidate, digest in news:
                store.add_ask(tx, candidate, material=digest, wanted_by="", now=now)
    return len(news)


def _news(tx: Transaction, candidate: Candidate, consultant: Consultant) -> str | None:
    """The digest of what would be asked, where that was not asked yet; no article is read of what has not grown."""
    last = store.find_ask(tx, candidate.id)
    if last is not None and last.wanted_at >= candidate.grown_at:
        return None
    digest = digest_of(consultant.body(list_members(tx, candidate.id)))
    return None if last is not None and last.material == digest else digest


# --- asking -----------------------------------------------------------------------------------------------------


def consult(
    database: Database,
    clock: Clock,
    consultant: Consultant,
    *,
    owner: str,
    is_stopping: Callable[[], bool] = lambda: False,
) -> ConsultReport:
    """Ask what is due, one after the other, as far as budget and rate allow."""
    if not consultant.endpoint.is_on:
        return ConsultReport()
    owner = f"{owner[:47]}/{secrets.token_hex(8)}"
    answered = failed = 0
    for _ in range(_BATCH):
        if is_stopping():
            break
        with database.write() as tx:
            ask = store.lease_ask(tx, now=clock.now(), owner=owner, lease_for=LEASE)
        if ask is None:
            break
        is_answered = _settle(database, clock, consultant, ask, owner=owner)
        if is_answered is None:
            return ConsultReport(answered_count=answered, failed_count=failed, is_spent=True)
        answered += is_answered
        failed += not is_answered
    return ConsultReport(answered_count=answered, failed_count=failed)


def _settle(database: Database, clock: Clock, consultant: Consultant, ask: MachineAsk, *, owner: str) -> bool | None:
    """Whether it was answered; None where budget or rate forbids to ask at all."""
    with database.read() as tx:
        members = list_members(tx, ask.candidate)
    body = consultant.body(members)
    try:
        suggestions = _answer(database, clock, consultant, ask, members, body)
    except _Spent:
        with database.write() as tx:
            store.end_ask_lease(tx, ask, owner=owner)
        return None
    except _Trouble as trouble:
        _put_off(database, clock, ask, trouble, owner=owner)
        return False
    except Exception as error:  # the boundary: one candidate never holds up the others
        _log.exception("a language model was not asked", candidate=ask.candidate)
        _put_off(database, clock, ask, _Trouble(f"an error of Monitor's own ({type(error).__name__})"), owner=owner)
        return False
    with database.write() as tx:
        store.record_answer(
            tx, ask, owner=owner, model=consultant.endpoint.name, suggestions=suggestions, now=clock.now()
        )
    _log.info("language model answered", candidate=ask.candidate, suggestions=len(suggestions))
    return True


class _Spent(Exception):
    """Budget or rate."""


class _Trouble(Exception):
    """Why there is no answer."""

    def __init__(self, fault: str, retry_after: float | None = None, *, is_final: bool = False) -> None:
        self.fault, self.retry_after, self.is_final = fault, retry_after, is_final
        super().__init__(fault)


def _answer(
    database: Database,
    clock: Clock,
    consultant: Consultant,
    ask: MachineAsk,
    members: Sequence[Member],
    body: dict[str, Any],
) -> tuple[Suggestion, ...]:
    if not asked_about(members):
        raise _Trouble("there is nothing to read", is_final=True)
    if not consultant.habits.has_schemas:
        body.pop("response_format")
    reply = _call(database, clock, consultant, ask, body)
    if reply.status in (400, 422) and "response_format" in body:
        body.pop("response_format")  # not every server knows schemas; our own reading holds in any case
        reply = _call(database, clock, consultant, ask, body)
        consultant.habits.has_schemas = bool(reply.fault)
    if reply.fault:
        raise _Trouble(reply.fault, reply.retry_after)
    try:
        text, _ = read_reply(reply.body)
        return read_answer(
            text, asked_about(members), consultant.codebook, consultant.providers, consultant.endpoint.name
        )
    except Unfit as unfit:
        raise _Trouble(str(unfit)) from None


def _call(database: Database, clock: Clock, consultant: Consultant, ask: MachineAsk, body: Mapping[str, Any]) -> Reply:
    """One request, and its line in the record whatever becomes of it; raises _Spent before anything is sent."""
    sent = sum(len(message["content"]) for message in body["messages"]) // _SIGNS_A_TOKEN
    with database.read() as tx:
        if not has_budget(tx, consultant.endpoint, clock.now(), more=sent + ANSWER_TOKENS):
            raise _Spent
    reply = consultant.converse(body, clock.now())
    try:
        _, said = read_reply(reply.body) if reply.body else ("", None)
    except Unfit:
        said = None
    tokens = said or sent + (min(len(reply.body) // _SIGNS_A_TOKEN, ANSWER_TOKENS) if reply.body else 0)
    call = MachineCall(
        ask=ask.id, at=clock.now(), model=consultant.endpoint.name, tokens=tokens, fault=reply.fault[:500]
    )
    with database.write() as tx:
        store.append_call(tx, call)
    return reply


def has_budget(tx: Transaction, endpoint: ModelEndpoint, now: datetime, *, more: int) -> bool:
    """Whether one request of so many tokens may still be made today (UTC) and in this minute."""
    today = datetime.combine(now.astimezone(UTC).date(), time(), tzinfo=UTC)
    requests, tokens = store.count_calls(tx, since=today)
    lately, _ = store.count_calls(tx, since=now - timedelta(minutes=1))
    return (
        requests < endpoint.requests_a_day
        and tokens + more <= endpoint.tokens_a_day
        and lately < endpoint.requests_a_minute
    )


def _put_off(database: Database, clock: Clock, ask: MachineAsk, trouble: _Trouble, *, owner: str) -> None:
    now = clock.now()
    due_at = None
    if not trouble.is_final and ask.attempts < len(RETRIES):
        wait = RETRIES[ask.attempts] * (1 + JITTER * _random.random())
        asked = min(timedelta(seconds=trouble.retry_after or 0), LONGEST_WAIT)
        due_at = now + max(wait, asked)
    with database.write() as tx:
        store.record_trouble(tx, ask, owner=owner, fault=trouble.fault[:500], due_at=due_at, now=now)
    _log.warning("language model did not answer", candidate=ask.candidate, fault=trouble.fault)


# --- answers ----------------------------------------------------------------------------------------------------


def answers_for(
    tx: Transaction, candidate: CandidateId, codebook: Codebook, providers: ProviderIndex
) -> tuple[Suggestion, ...]:
    """What the model suggested last about a candidate, as far as register and codebook still know it."""
    found = store.find_answer(tx, candidate)
    return () if found is None else usable(found.suggestions, codebook, providers)


def is_waiting(ask: MachineAsk | None) -> bool:
    """Whether an answer may still come."""
    return ask is not None and ask.state is AskState.WAITING
