"""What an editor lays down at the desk: overrules, candidates kept apart, relations; and what is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from monitor.errors import IllegalDecision
from monitor.jobs import relate, rulings
from monitor.jobs.triage import How
from monitor.model import ArticleId, CandidateId, Member, RulingId, RulingKind, Standing
from monitor.web.auth import Visit

ACTIONS = frozenset({"rule", "withdraw", "apart", "relate", "unrelate"})


@dataclass(frozen=True, kw_only=True)
class Overrule:
    """One thing that an editor can say of an article, as a button says it."""

    kind: RulingKind
    label: str


class Said(Protocol):
    """What a form asked to lay down."""

    @property
    def action(self) -> str: ...
    @property
    def candidate(self) -> CandidateId: ...
    @property
    def version_seen(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def reason(self) -> str: ...


def overrules_of(member: Member, standing: Standing) -> tuple[Overrule, ...]:
    """What can be said of an article that is not so already."""
    found = [
        Overrule(kind=RulingKind.DOES_NOT_COUNT, label="Does not count")
        if standing.counts
        else Overrule(kind=RulingKind.COUNTS, label="Counts")
    ]
    if member.copy_of is not None:
        found.append(Overrule(kind=RulingKind.NOT_A_COPY, label="Is not a copy"))
    else:
        found.append(Overrule(kind=RulingKind.NOT_DERIVED, label="Reports by itself"))
    return tuple(found)


def lay_down(visit: Visit, said: Said) -> None:
    """Carry it out. Raises IllegalDecision and StaleDecision, and then nothing was laid down."""
    match said.action:
        case "relate" | "unrelate":
            _relate(visit, said)
        case "withdraw":
            _withdraw(visit, said)
        case _:
            _rule(visit, said)


def _relate(visit: Visit, said: Said) -> None:
    act = relate.relate if said.action == "relate" else relate.dismiss
    act(
        visit.context.database,
        visit.context.clock,
        said.candidate,
        _other(visit),
        reason=said.reason,
        by=visit.who,
        address=visit.address,
    )


def _withdraw(visit: Visit, said: Said) -> None:
    ruling = visit.number("ruling")
    if ruling is None:
        raise IllegalDecision("Name the ruling by its number. Nothing was taken back.")
    rulings.withdraw(
        visit.context.database,
        visit.context.clock,
        RulingId(ruling),
        providers=visit.context.index,
        reason=said.reason or f"Taken back by {visit.who}.",
        editor=visit.who,
        key=said.key or None,
        address=visit.address,
    )


def _rule(visit: Visit, said: Said) -> None:
    database, clock, index = visit.context.database, visit.context.clock, visit.context.index
    how = How(editor=visit.who, version_seen=said.version_seen, key=said.key or None, address=visit.address)
    if said.action == "apart":
        rulings.never_merge(database, clock, said.candidate, _other(visit), providers=index, reason=said.reason, **how)
        return
    kind = _kind(visit.text("kind"))
    right = [ArticleId(original)] if (original := visit.number("original")) and kind is RulingKind.COPY else []
    rulings.rule(
        database, clock, said.candidate, kind, [_article(visit)], right, providers=index, reason=said.reason, **how
    )


def _kind(text: str) -> RulingKind:
    if text not in set(RulingKind):
        raise IllegalDecision("Say what holds for the article. Nothing was laid down.")
    return RulingKind(text)


def _article(visit: Visit) -> ArticleId:
    number = visit.number("article")
    if number is None:
        raise IllegalDecision("Choose the article that the ruling speaks of. Nothing was laid down.")
    return ArticleId(number)


def _other(visit: Visit) -> CandidateId:
    number = visit.number("other_candidate")
    if number is None:
        raise IllegalDecision("Name the other candidate by its number. Nothing was changed.")
    return CandidateId(number)
