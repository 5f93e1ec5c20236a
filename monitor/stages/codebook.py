"""Text of the codebook, the provider register and the Editor's Guide → codes, providers, and the right paragraph.

A file with faults is refused whole (FaultyFile), each fault with its line, so that what ran before goes on running.
Codes are never reused: an id may stand once, and one that is no longer given is `retired: true`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from monitor.errors import FaultyFile
from monitor.model import Code, Codebook, Provider
from monitor.stages.owners import NO_REGISTER, OwnerIndex
from monitor.stages.register import Faults, load_register, plain, records
from monitor.stages.rulebook import read_rules

_CODE_ID = re.compile(r"[MF][1-9][0-9]{0,2}")
_PROVIDER_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ANCHOR = re.compile(r"^(?P<marks>#{1,6})[ \t]+(?P<title>.*?)\s*\{#(?P<anchor>[a-z0-9_-]+)\}[ \t]*$", re.MULTILINE)
# Names are written in Latin letters inside texts of any script: a boundary is the absence of a Latin letter or digit,
# so that a name is found next to Chinese characters, and Cyrillic names in every case ending.
_LATIN = "A-Za-z0-9\u00c0-\u024f"


# --- reading the files ------------------------------------------------------------------------------------------


def read_codebook(text: str, *, file: str) -> Codebook:
    """The codebook in `text`; raises FaultyFile with every fault, by line of `file`."""
    document = load_register(text, file=file)
    faults = Faults(file)
    if not isinstance(document, dict) or not isinstance(document.get("codes"), list):
        raise FaultyFile([faults.make(None, "codebook", "needs a version and a list of codes")])
    version = plain(document.get("version"))
    if not version:
        faults.add(None, "version", 'is missing: a codebook says which version it is, such as version: "1.0"')
    codes = tuple(filter(None, (_code(record, line, faults) for record, line in records(document["codes"]))))
    _refuse_doubles([(c.id, "code") for c in codes], faults)
    for series, name in (("M", "mechanism"), ("F", "failure")):
        if not any(c.id.startswith(series) and not c.is_retired for c in codes):
            faults.add(None, "codes", f"at least one {name} code ({series}…) must be in use")
    rules = read_rules(document.get("check"), faults)
    faults.refuse()
    return Codebook(version=version, codes=codes, rules=rules)


def read_providers(text: str, *, file: str) -> tuple[Provider, ...]:
    """The provider register in `text`, in its order; raises FaultyFile with every fault, by line of `file`."""
    document = load_register(text, file=file)
    faults = Faults(file)
    if not isinstance(document, dict) or not isinstance(document.get("providers"), list):
        raise FaultyFile([faults.make(None, "providers", "the file needs a list of providers")])
    providers = tuple(filter(None, (_provider(r, line, faults) for r, line in records(document["providers"]))))
    _refuse_doubles([(p.id, "provider") for p in providers], faults)
    _refuse_shared_names(providers, faults)
    faults.refuse()
    return providers


def guide_sections(markdown: str) -> dict[str, str]:
    """Anchor → Markdown of its section, for headings written `## Severity {#severity}`.

    A section runs to the next heading of the same or a higher rank; its own heading is included, without the anchor.
    """
    headings = list(_ANCHOR.finditer(markdown))
    sections = {}
    for heading in headings:
        rank = len(heading["marks"])
        end = next(
            (m.start() for m in re.finditer(r"^(#{1,6})\s", markdown, re.MULTILINE)
             if m.start() > heading.start() and len(m[1]) <= rank),
            len(markdown),
        )  # fmt: skip
        sections[heading["anchor"]] = plain_headings(markdown[heading.start() : end]).strip()
    return sections


def plain_headings(markdown: str) -> str:
    """`markdown` with the anchors of its headings left out."""
    return _ANCHOR.sub(lambda m: f"{m['marks']} {m['title']}", markdown)


def _code(record: Any, line: int, faults: Faults) -> Code | None:
    if not isinstance(record, dict):
        faults.add(line, "code", "must be a block with id, name and definition")
        return None
    ident, name, definition = (plain(record.get(key)) for key in ("id", "name", "definition"))
    subject = f"code {ident or '?'}"
    faults.refuse_unknown_keys(record, {"id", "name", "definition", "retired"}, line, subject)
    if not _CODE_ID.fullmatch(ident):
        faults.add(line, subject, "its id must be M or F and a number, such as M2")
    if not name or not definition:
        faults.add(line, subject, "needs a name and a definition")
    return Code(id=ident, name=name, definition=definition, is_retired=record.get("retired") is True)


def _provider(record: Any, line: int, faults: Faults) -> Provider | None:
    if not isinstance(record, dict):
        faults.add(line, "provider", "must be a block with id, name and aliases")
        return None
    ident, name = plain(record.get("id")), plain(record.get("name"))
    subject = f"provider {ident or '?'}"
    lists = ("aliases", "exact", "unlike")
    faults.refuse_unknown_keys(record, {"id", "name", *lists}, line, subject)
    if not _PROVIDER_ID.fullmatch(ident) or len(ident) > 100:
        faults.add(line, subject, "its id must be lower-case words joined by hyphens, such as stability-ai")
    if not name:
        faults.add(line, subject, "needs a name")
    for key in lists:
        values = record.get(key, [])
        if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
            faults.add(line, subject, f"{key} must be a list of names; put quotes around a number")
            return None
    aliases, exact, unlike = (tuple(str(v).strip() for v in record.get(key, [])) for key in lists)
    return Provider(id=ident, name=name, aliases=aliases, exact=exact, unlike=unlike)


def _refuse_doubles(ids: Sequence[tuple[str, str]], faults: Faults) -> None:
    seen: set[str] = set()
    for ident, kind in ids:
        if ident in seen:
            faults.add(None, f"{kind} {ident}", "stands twice: an id means one thing for ever")
        seen.add(ident)


def _refuse_shared_names(providers: Sequence[Provider], faults: Faults) -> None:
    owner: dict[str, str] = {}
    for provider in providers:
        for name in {_key(n) for n in (provider.id, provider.name, *provider.aliases, *provider.exact)}:
            if owner.setdefault(name, provider.id) != provider.id:
                faults.add(None, f"provider {provider.id}", f"the name {name!r} belongs to {owner[name]} already")


# --- finding providers ------------------------------------------------------------------------------------------


class ProviderIndex:
    """Which providers a name or a text means: aliases and product names resolve to their provider.

    The register of owners travels with it, for whoever names an event's providers counts its sources too; `owners` is
    asked once, when somebody first counts, for most commands never do.
    """

    def __init__(self, providers: Sequence[Provider], *, owners: Callable[[], OwnerIndex] | None = None) -> None:
        self.providers = tuple(providers)
        self._read_owners = owners
        self._by_id = {p.id: p for p in providers}
        self._by_key: dict[str, Provider] = {}
        for provider in providers:
            for name in (provider.id, provider.name, *provider.aliases, *provider.exact):
                self._by_key[_key(name)] = provider
        self._loose: dict[str, str | None] = {}  # folded spelling → provider id; None means something else
        self._exact: dict[str, str] = {}
        for provider in providers:
            exact = set(provider.exact)
            self._loose.update((_fold(n), provider.id) for n in {provider.name, *provider.aliases} - exact)
            self._exact.update((_fold(n, keep_case=True), provider.id) for n in exact)
        for provider in providers:
            self._loose.update((_fold(n), None) for n in provider.unlike)
        self._pattern = self._compile()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all providers, in the register's order."""
        return tuple(self._by_id)

    @cached_property
    def owners(self) -> OwnerIndex:
        """Who stands behind whom; knows nobody where no register was given. May raise FaultyFile at first."""
        return NO_REGISTER if self._read_owners is None else self._read_owners()

    def resolve(self, name: str) -> Provider | None:
        """The provider of that id, name, alias or product, in any case; None where the register has none."""
        return self._by_id.get(name) or self._by_key.get(_key(name))

    def find(self, text: str) -> tuple[str, ...]:
        """Ids of the providers that `text` mentions, in order of first mention.

        The longest name wins ("Meta-analysis" is no mention of Meta), whole words only.
        """
        found: dict[str, None] = {}
        for match in self._pattern.finditer(unicodedata.normalize("NFKC", text)):
            provider = self._exact.get(_fold(match[0], keep_case=True)) or self._loose.get(_fold(match[0]))
            if provider is not None:
                found[provider] = None
        return tuple(found)

    def _compile(self) -> re.Pattern[str]:
        spellings = [(n, "(?i:{})") for n in self._loose] + [(n, "{}") for n in self._exact]
        spellings.sort(key=lambda s: (-len(s[0]), s[0]))
        names = "|".join(form.format(_flexible(name)) for name, form in spellings) or "(?!)"
        return re.compile(f"(?<![{_LATIN}])(?:{names})(?![{_LATIN}])")


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _fold(name: str, *, keep_case: bool = False) -> str:
    """One spelling for hyphens and spaces: "GPT 4o" and "GPT-4o" are one name."""
    plain = " ".join(re.split(r"[\s\u2010-\u2015-]+", unicodedata.normalize("NFKC", name).strip()))
    return plain if keep_case else plain.casefold()


def _flexible(folded: str) -> str:
    return r"[\s\u2010-\u2015-]+".join(re.escape(word) for word in folded.split(" "))
