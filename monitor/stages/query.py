"""What somebody typed → what is looked for. Nothing is an error: what makes no sense is said in a note.

outage chatgpt           both words
"data breach"            these words in this order
outage OR breach         one of the two; OR binds its neighbours only
-drill  -"data breach"   not this
hallucinat*              words that begin so
publisher:guardian       told, or cited, by a publisher of that name or address
provider:openai          about that provider, by id, name or product
origin:press             also provider, regulator, probe, research, incident-database
severity:1  code:F10     of wires
is:wire                  also is:candidate and is:article
after:2025-03            told in March 2025 or later; also a year or a day
before:2025-03-09        told before that day
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from monitor.model import Origin, ResultKind, SearchDocument, SearchQuery, SearchTerm
from monitor.stages.terms import beginning_of, terms_of

LENGTH_LIMIT = 400  # characters of a question
TERM_LIMIT = 16
PHRASE_LIMIT = 12  # words
SHORTEST_BEGINNING = 4  # characters: shorter ones are the beginning of too much

PUBLISHER, PROVIDER, ORIGIN, SEVERITY, CODE = "_p_", "_v_", "_o_", "_s_", "_c_"  # no word of a text begins so
HELP = (
    ('"data breach"', "these words in this order"),
    ("outage OR breach", "one of the two"),
    ("-drill", "not this word"),
    ("hallucinat*", "words that begin so"),
    ("publisher:guardian", "told or cited by it"),
    ("provider:openai", "about it"),
    ("origin:press", "also provider, regulator, probe, research, incident-database"),
    ("is:wire", "also is:candidate, is:article"),
    ("after:2025-03", "from then on; also a year or a day"),
    ("before:2025-03-09", "before that day"),
    ("severity:1 code:F10", "of wires"),
)

_TOKEN = re.compile(
    r'(?P<not>-+)?(?:(?P<field>[A-Za-z]{2,12}):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)|(?P<rest>"))'
)
_PLAIN_SIGNS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "−": "-", "–": "-", "\0": " "})
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?")
_FACETS = {"publisher": PUBLISHER, "provider": PROVIDER, "origin": ORIGIN, "severity": SEVERITY, "code": CODE}
_KINDS = {f"{kind}{plural}": kind for kind in ResultKind for plural in ("", "s")}


def facet_words(prefix: str, *texts: str) -> str:
    """The words under which something is found by a facet, such as a publisher's name, id and host."""
    return " ".join(f"{prefix}{word}" for text in texts for word in terms_of(text))


def read_query(text: str, resolve: Callable[[str], Collection[str]] = lambda _: ()) -> SearchQuery:
    """`resolve` gives the ids of the providers that a name means."""
    reading = _Reading(resolve=resolve)
    clean = text[:LENGTH_LIMIT].translate(_PLAIN_SIGNS).encode("utf-8", "ignore").decode()
    if len(text) > LENGTH_LIMIT:
        reading.notes.append(f"Only the first {LENGTH_LIMIT} characters were read.")
    for number, match in enumerate(_TOKEN.finditer(clean)):
        if number >= TERM_LIMIT:
            reading.notes.append(f"Only the first {TERM_LIMIT} words were looked for.")
            break
        reading.take(match)
    return reading.query()


@dataclass(slots=True)
class _Reading:
    resolve: Callable[[str], Collection[str]]
    groups: list[list[SearchTerm]] = field(default_factory=list)
    never: list[SearchTerm] = field(default_factory=list)
    kinds: set[ResultKind] = field(default_factory=lambda: set())
    not_kinds: set[ResultKind] = field(default_factory=lambda: set())
    after: date | None = None
    before: date | None = None
    notes: list[str] = field(default_factory=list)
    is_or: bool = False
    can_or: bool = False  # the last word stands in the last group
    is_not: bool = False

    def take(self, match: re.Match[str]) -> None:
        word, name = match["word"], (match["field"] or "").lower()
        said = match["phrase"] if match["phrase"] is not None else word or ""
        is_plain = word is not None and not name and not match["not"]
        if is_plain and word in ("OR", "|", "AND", "NOT"):
            self.is_or = word in ("OR", "|") and self.can_or
            self.is_not = word == "NOT"
            return
        is_not, self.is_not = bool(match["not"]) or self.is_not, False
        if name in ("is", "before", "after"):
            self._narrow(name, said, is_not=is_not)
        else:
            self._add(list(self._terms(name, said, is_word=match["phrase"] is None)), is_not=is_not)

    def query(self) -> SearchQuery:
        kinds = (self.kinds or set(ResultKind)) - self.not_kinds
        if self.after is not None and self.before is not None and self.after >= self.before:
            self.notes.append("No day is both after the one and before the other.")
        return SearchQuery(
            groups=tuple(tuple(group) for group in self.groups),
            never=tuple(self.never),
            kinds=frozenset(kinds),
            after=self.after,
            before=self.before,
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def _add(self, terms: list[SearchTerm], *, is_not: bool) -> None:
        if not terms:
            return
        if is_not:
            self.never.extend(terms)
            self.is_or = self.can_or = False
        elif self.is_or:
            self.groups[-1].extend(terms)
            self.is_or = False
        else:
            self.groups.append(terms)
            self.can_or = True

    def _narrow(self, name: str, said: str, *, is_not: bool) -> None:
        """What holds for the whole question, wherever it stands."""
        self.is_or = self.can_or = False
        if name == "is":
            kind = _KINDS.get(said.lower())
            if kind is None:
                self.notes.append(f"“is:{said[:40]}” names no kind: wire, candidate or article. It was left out.")
            else:
                (self.not_kinds if is_not else self.kinds).add(kind)
            return
        day = _first_day(said)
        if day is None:
            self.notes.append(
                f"“{name}:{said[:40]}” names no date such as 2025-03-09, 2025-03 or 2025. It was left out."
            )
        elif (name == "after") is not is_not:
            self.after = day if self.after is None else max(self.after, day)
        else:
            self.before = day if self.before is None else min(self.before, day)

    def _terms(self, name: str, said: str, *, is_word: bool) -> Iterator[SearchTerm]:
        if name in _FACETS:
            yield from self._facet(name, said)
            return
        said = f"{name} {said}" if name else said
        is_prefix = is_word and said.endswith("*")
        words = beginning_of(said) if is_prefix else terms_of(said)
        if is_prefix and words and len(words[-1]) < SHORTEST_BEGINNING:
            self.notes.append(f"“{said[:40]}” begins too many words: write {SHORTEST_BEGINNING} letters or more.")
            words, is_prefix = terms_of(said), False
        if is_prefix and len(words) > 1:
            words = [*terms_of(" ".join(words[:-1])), words[-1]]
        if words:
            yield SearchTerm(words=tuple(words[:PHRASE_LIMIT]), is_prefix=is_prefix and len(words) <= PHRASE_LIMIT)

    def _facet(self, name: str, said: str) -> Iterator[SearchTerm]:
        ids: Sequence[str] = (said,)
        if name == "provider":
            ids = tuple(self.resolve(said)) or ids
        elif name == "origin" and said.lower() not in set(Origin):
            self.notes.append(f"“origin:{said[:40]}” names no origin: {', '.join(Origin)}. It was left out.")
            return
        elif name == "severity":
            ids = (re.sub(r"(?i)^sev-?", "", said),)
        for each in ids:
            words = facet_words(_FACETS[name], each).split()
            if words:
                yield SearchTerm(words=tuple(words[:PHRASE_LIMIT]))


def _first_day(said: str) -> date | None:
    """The first day of what is named: a year, a month, a day."""
    match = _DATE.fullmatch(said.strip())
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    is_day = 1 <= year <= 9_998 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    return date(year, month, day) if is_day else None


def says(query: SearchQuery, document: SearchDocument) -> bool:
    """Whether a document is one of those that an index would find: for what no index has taken in yet."""
    if document.kind not in query.kinds:
        return False
    if (query.after and document.told_on < query.after) or (query.before and document.told_on >= query.before):
        return False
    parts = [part.split() for part in (document.title, document.body, document.facets)]
    has_all = all(any(_has(parts, term) for term in group) for group in query.groups)
    return has_all and not any(_has(parts, term) for term in query.never)


def _has(parts: Sequence[Sequence[str]], term: SearchTerm) -> bool:
    """Whether the words of a term stand side by side in one part."""
    size, (*first, last) = len(term.words), term.words
    return any(
        list(part[at : at + size - 1]) == first
        and (part[at + size - 1].startswith(last) if term.is_prefix else part[at + size - 1] == last)
        for part in parts
        for at in range(len(part) - size + 1)
    )


def words_of(query: SearchQuery) -> tuple[frozenset[str], tuple[str, ...]]:
    """What is marked in what was found: whole words, and beginnings of words."""
    terms = [t for group in query.groups for t in group if not t.words[0].startswith("_")]
    whole = {w for t in terms for w in (t.words[:-1] if t.is_prefix else t.words)}
    return frozenset(whole), tuple(t.words[-1] for t in terms if t.is_prefix)


def alike(title: str, *, least: int = 3, most: int = 5) -> tuple[SearchTerm, ...]:
    """The words of a headline that tell it from others, the longest first: what similar ones share some of."""
    words = dict.fromkeys(w for w in terms_of(title) if len(w) > least and w not in COMMON)
    return tuple(SearchTerm(words=(w,)) for w in sorted(words, key=lambda w: -len(w))[:most])


COMMON = frozenset(
    terms_of(
        """
        about after again against also among and another because been before being between both could does down during
        each from have having here into just like made make many more most much must never news only other over said
        same says should since some still such than that their them then there these they this those through under
        until upon very want wants were what when where which while will with without would your first last latest year
        years week today month report reports according
        """
    )
)
