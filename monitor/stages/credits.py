"""What an article says of where its words come from → credits: evidence that it is a copy, never proof.

Read are its byline, its dateline, and the lines at its foot; what its page says in its markup and its feed in its
entry comes as claims and is only sorted here. That is all: what stands in the body is what an article tells, not whose
it is. "Reuters reported" and "according to AFP" are retelling (`derived`), a company of that name is a company, and
whose photograph it is says nothing of the words. Agencies are those of the register of owners, in exactly their
spelling: "AP" is not "ap", and what AGI stands for in a sentence is no Italian agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property, lru_cache

from monitor.model import Credit, CreditKind, NewArticle
from monitor.stages import credit_formulas as formulas
from monitor.stages.canonical import NAME_LIMIT, clean_line, cut, host_of, registrable_domain
from monitor.stages.owners import OwnerIndex, OwnerKind, fold

HEAD_LINES = 3  # of a text, in which a byline or a dateline may stand
FOOT_LINES = 6  # of a text, in which it may say whose it is
LINE_LENGTH = 320  # characters: a longer line at the foot is the story
BYLINE_LENGTH = 90  # characters of a line that is a byline and nothing else
DATELINE_LENGTH = 70  # characters before the agency's name: a place or two, and a day
QUOTE_LIMIT = 160
MAX_CREDITS = 12
_ANY = r"(?P<any>[^.,;:!?()\[\]\n]{2,60})"
_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_MONTHS = frozenset(formulas.MONTHS.split())
_PLACES = frozenset(formulas.PLACES.split())
_PICTURE = re.compile(
    rf"(?:^|\W)(?:{formulas.PICTURES})(?:\W|$)|\bAP Photo\b|\bREUTERS/[A-Z]|\bAFP PHOTO\b", re.IGNORECASE
)
_REPUBLISHED, _TRANSLATED, _VIA = (
    tuple(re.compile(p.replace("ANY", _ANY), re.IGNORECASE | re.MULTILINE) for p in patterns)
    for patterns in (formulas.REPUBLISHED, formulas.TRANSLATED, formulas.VIA)
)
_HELD = re.compile(rf"(?:©|\(c\)|copyright)\s*(?:\d{{4}})?\s*(?:by )?{_ANY}", re.IGNORECASE)
_AND_OTHERS = re.compile(rf"(?:\s*(?:{formulas.JOINTS})\s*(?:the )?[^\W\d_][\w]*){{0,4}}")
_TAIL = re.compile(
    r"\s+(?:under|and is|on \d|in \d|und |et est|y se|with|here|by|par|von|por|da|door|\().*$", re.IGNORECASE
)
_WEAKER = list(CreditKind)


class Agencies:
    """The agencies of a register of owners, found where a line credits one."""

    def __init__(self, register: OwnerIndex) -> None:
        self.register = register
        self.spellings = {
            spelling: outlet.name
            for owner in register.register.owners
            if owner.kind is OwnerKind.AGENCY
            for outlet in owner.outlets
            for name in outlet.names
            for spelling in (name, name.upper())
        }

    @cached_property
    def _name(self) -> str:
        names = sorted(self.spellings, key=len, reverse=True)
        return "(?-i:" + "|".join(map(re.escape, names)) + ")" if names else r"(?!)"

    @cached_property
    def _inside(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w@])(?P<name>{self._name})(?![\w@])")

    @cached_property
    def _dateline(self) -> re.Pattern[str]:
        """`LONDON, March 2 (Reuters) -`, `Berlin (dpa/bb) –`, `(ANSA) - ROMA`, `MOSCOW. /TASS/.`, `(EFE).-`"""
        one, two, three = (rf"(?P<name{n}>{self._name})" for n in (1, 2, 3))
        slashed = r"(?:/[\w-]{2,12})*"
        return re.compile(
            rf"[【《「\[]?(?P<place1>[^\n(（/【]{{0,{DATELINE_LENGTH}}}?)"
            rf"[(（/【]\s*(?:[\w ]{{1,12}}=)?{one}{slashed}\s*[)）/】]\s*"
            rf"(?:[-–—_:=―]|\.\s*\S|(?=[^\x00-\u024f]))"
            rf"|(?P<place2>[^\n]{{2,{DATELINE_LENGTH}}}?)\s[-–—]\s{two}[.:]\s"
            rf"|{three}(?P<place3>[^\n(（]{{2,24}}?)(?:電|电)"
        )

    @cached_property
    def _byline(self) -> re.Pattern[str]:
        start = rf"(?:(?:{formulas.BYLINES}|{formulas.SOURCES})\s*[:：]?\s*|[-–—©/(（]\s*)*(?:the |l['’])?"
        staff = r"(?:\s+(?:staff|news|news agency|report|online|wire|agency|agencies))*"
        more = rf"(?:\s*(?:{formulas.JOINTS})\s*(?:{self._name}|[\w.-]{{2,12}}))*"
        return re.compile(rf"\s*{start}(?P<name>{self._name}){staff}{more}(?:\s+\d{{4}})?\s*[)）/.]*\s*", re.IGNORECASE)

    @cached_property
    def _foot(self) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
        """What a line says anywhere, and what stands at its very end."""
        name = rf"(?P<name>{self._name})"
        said = [re.compile(p.replace("NAME", name), re.IGNORECASE) for p in formulas.MATERIAL]
        ends = rf"[(（]\s*(?:[\w.-]{{1,12}}\s*/\s*)*{name}(?:\s*[/,]\s*[\w.-]{{2,24}})*\s*[)）]\s*\.?\s*$"
        return tuple(said), (
            re.compile(ends),
            re.compile(rf"(?<=[.!?”\"])\s+[–—/-]?\s*{name}(?:/[\w-]{{2,12}})*\s*$"),
        )

    def named(self, spelling: str) -> str | None:
        """The agency of exactly this spelling."""
        return self.spellings.get(spelling)

    def in_byline(self, said: str) -> Iterator[str]:
        """Agencies that an author's name is, or holds beside others."""
        for found in self._inside.finditer(said):
            yield self.spellings[found["name"]]

    def dateline(self, line: str) -> tuple[str, str] | None:
        """The agency of a dateline and its words; None where the line begins otherwise."""
        found = self._dateline.match(line)
        if found is None or _PICTURE.search(found[0]):
            return None
        place = next((p for n in "123" if (p := found[f"place{n}"])), "")
        is_sentence = place.rstrip().endswith(".") and "/" not in found[0]
        return (self._of(found), found[0].strip()) if not is_sentence and _is_place(place) else None

    def byline(self, line: str) -> str | None:
        """The agency of a line that says nothing but who wrote it."""
        found = self._byline.fullmatch(line) if len(line) <= BYLINE_LENGTH and not _PICTURE.search(line) else None
        return None if found is None else self._of(found)

    def foot(self, line: str, *, is_last: bool) -> Iterator[tuple[str, str]]:
        """Agencies that a line at the foot credits, each with the words; `is_last` where nothing but such lines follow.

        A picture's caption ends as an agency's story does, but does not stand last.
        """
        anywhere, at_end = self._foot
        for pattern in (*anywhere, *at_end) if is_last else anywhere:
            if (found := pattern.search(line)) and not _is_pictured(line, found):
                said = line[found.start() : found.end()] + _AND_OTHERS.match(line, found.end())[0]  # type: ignore[index]
                for each in self._inside.finditer(said):
                    yield self.spellings[each["name"]], said.strip()

    def _of(self, found: re.Match[str]) -> str:
        name = next(said for key, said in found.groupdict().items() if key.startswith("name") and said)
        return self.spellings[name]


@lru_cache(4)
def agencies_of(register: OwnerIndex) -> Agencies:
    """The agencies of `register`, made ready once."""
    return Agencies(register)


def find_credits(
    *,
    title: str,
    text: str,
    author: str | None,
    claims: Iterable[Credit] = (),
    agencies: Agencies,
    publisher: str = "",
    url: str | None = None,
) -> tuple[Credit, ...]:
    """Whom the article credits with its words: each once, by its strongest evidence.

    `claims` are what page and feed say in their markup, their names as found. `publisher` and `url` are the article's
    own: nobody copies from himself.
    """
    found = [*_of_author(author, agencies), *_of_text(title, text, agencies), *(_known(c, agencies) for c in claims)]
    own = {fold(publisher)} if publisher else set()
    owned = agencies.register.find(name=publisher or None, host=host_of(url) or None if url else None)
    if owned is not None and owned.outlet is not None:
        own.add(fold(owned.outlet))
    kept: dict[tuple[str, str], Credit] = {}
    for credit in sorted(found, key=lambda c: _WEAKER.index(c.kind)):
        if credit.name and not _is_own(credit, own, url):
            kept.setdefault((fold(credit.name), credit.url or ""), credit)
    bare = {name for name, link in kept if link}
    return tuple(c for (name, link), c in kept.items() if link or name not in bare)[:MAX_CREDITS]


def credited(article: NewArticle, agencies: Agencies) -> NewArticle:
    """The article with whom its own words credit; for what came without a page or a feed."""
    found = find_credits(
        title=article.title,
        text=article.text,
        author=article.author,
        agencies=agencies,
        publisher=article.publisher_name,
        url=article.canonical_url,
    )
    return replace(article, credits=found) if found else article


def _is_own(credit: Credit, own: set[str], url: str | None) -> bool:
    if credit.kind is CreditKind.TRANSLATED and credit.url:
        return credit.url == url
    if credit.url and url and registrable_domain(credit.url) == registrable_domain(url):
        return True
    return fold(credit.name) in own


def _of_author(author: str | None, agencies: Agencies) -> Iterator[Credit]:
    for name in agencies.in_byline(author or ""):
        yield _credit(CreditKind.AGENCY, name, f"by {author}")


def _of_text(title: str, text: str, agencies: Agencies) -> Iterator[Credit]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if (found := agencies.dateline(title)) is not None:
        yield _credit(CreditKind.AGENCY, *found)
    for place, line in enumerate(lines):
        is_head, is_foot = place < HEAD_LINES, place >= len(lines) - FOOT_LINES
        if is_head and (found := agencies.dateline(line)) is not None:
            yield _credit(CreditKind.AGENCY, *found)
        if (is_head or is_foot) and (name := agencies.byline(line)) is not None:
            yield _credit(CreditKind.AGENCY, name, line)
        if is_foot or (is_head and len(line) <= LINE_LENGTH):
            yield from _of_line(line, agencies, is_last=place == len(lines) - 1 or (is_foot and not is_head))


def _of_line(line: str, agencies: Agencies, *, is_last: bool) -> Iterator[Credit]:
    """What a line at the head or the foot says of whose the words are; of a long one only the end is read."""
    said = line if len(line) <= LINE_LENGTH else line[-LINE_LENGTH:]
    for name, quote in agencies.foot(said, is_last=is_last):
        yield _credit(CreditKind.AGENCY, name, quote)
    for name, pattern in formulas.SIGNATURES.items():
        if name in agencies.spellings and re.search(pattern, said, re.IGNORECASE):
            yield _credit(CreditKind.AGENCY, name, said)
    for kind, patterns in (
        (CreditKind.REPUBLISHED, _REPUBLISHED),
        (CreditKind.TRANSLATED, _TRANSLATED),
        *(((CreditKind.VIA, _VIA),) if len(line) <= BYLINE_LENGTH else ()),
    ):
        if found := next((f for p in patterns if (f := p.search(said)) and not _is_pictured(said, f)), None):
            yield _known(_credit(kind, _trimmed(found["any"]), found[0]), agencies)
    for found in _HELD.finditer(said):
        owned = agencies.register.find(name=_trimmed(found["any"]))
        if owned is not None and owned.outlet is not None and not _is_pictured(said, found):
            yield _credit(CreditKind.REPUBLISHED, owned.outlet, found[0])


def _is_pictured(line: str, found: re.Match[str]) -> bool:
    """Whether what was found credits a picture: its clause says so. News tells of pictures, too."""
    clause = re.split(r"[.!?](?=\s)", line[: found.start()])[-1][-60:]
    return _PICTURE.search(clause + line[found.start() : found.end() + 12]) is not None


def _trimmed(said: str) -> str:
    return _TAIL.sub("", said).strip(" ’'\"“”«»-–—")


def _known(credit: Credit, agencies: Agencies) -> Credit:
    """The credit under the name that the register has for whom it names."""
    host = host_of(credit.url) if credit.url else None
    if name := agencies.named(credit.name):
        return replace(credit, name=name)
    owned = agencies.register.find(name=credit.name or None, host=host)
    name = (owned.outlet if owned is not None else None) or credit.name or host or ""
    return replace(credit, name=cut(clean_line(name), NAME_LIMIT))


def _credit(kind: CreditKind, name: str, quote: str) -> Credit:
    return Credit(kind=kind, name=name, quote=cut(clean_line(quote), QUOTE_LIMIT))


def _is_place(said: str) -> bool:
    """Whether the words before an agency's name are a place and a day, not the beginning of a sentence."""
    words = _WORD.findall(said)
    if len(words) > 8:
        return False
    return all(
        word[0].isupper()
        or word.casefold().strip(".") in _MONTHS | _PLACES
        or not (word[0].islower() or word[0].isupper())
        for word in words
    )
