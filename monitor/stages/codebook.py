"""Text of the codebook, the provider register and the Editor's Guide → codes, providers, and the right paragraph.

A file with faults is refused whole (FaultyFile), each fault with its line, so that what ran before goes on running.
Codes are never reused: an id may stand once, and one that is no longer given is `retired: true`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from monitor.errors import FaultyFile
from monitor.model import Backing, Code, Codebook, Mention, Provider
from monitor.stages.owners import NO_REGISTER, OwnerIndex
from monitor.stages.provider_names import NameFinder, RelationFinder
from monitor.stages.register import Faults, load_register, plain, records
from monitor.stages.rulebook import read_rules

_CODE_ID = re.compile(r"[MF][1-9][0-9]{0,2}")
_PROVIDER_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ANCHOR = re.compile(r"^(?P<marks>#{1,6})[ \t]+(?P<title>.*?)\s*\{#(?P<anchor>[a-z0-9_-]+)\}[ \t]*$", re.MULTILINE)


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
    faults.refuse_unknown_keys(document, {"providers", "relations", *_COMMON}, None, "the file")
    common = {key: _names(document.get(key, []), key, None, "the file", faults) for key in _COMMON}
    providers = tuple(filter(None, (_provider(r, line, common, faults) for r, line in records(document["providers"]))))
    _refuse_doubles([(p.id, "provider") for p in providers], faults)
    _refuse_shared_names(providers, faults)
    faults.refuse()
    return providers


def read_relations(text: str, *, file: str) -> tuple[Backing, ...]:
    """What the register knows of who stands behind what; raises FaultyFile with every fault, by line of `file`."""
    document = load_register(text, file=file)
    listed = document.get("relations", []) if isinstance(document, dict) else []
    faults = Faults(file)
    if not isinstance(listed, list):
        raise FaultyFile([faults.make(None, "relations", "must be a list of blocks with named, means and because")])
    known = {plain(p.get("id")) for p in document["providers"] if isinstance(p, dict)} if listed else set()
    relations = tuple(filter(None, (_relation(r, line, known, faults) for r, line in records(listed))))
    faults.refuse()
    return relations


def _relation(record: Any, line: int, known: Collection[str], faults: Faults) -> Backing | None:
    if not isinstance(record, dict):
        faults.add(line, "relation", "must be a block with named, means and because")
        return None
    faults.refuse_unknown_keys(record, {"named", "beside", "unless", "means", "because", "source"}, line, "relation")
    lists = {
        key: _names(record.get(key, []), key, line, "relation", faults)
        for key in ("named", "beside", "unless", "means")
    }
    because = plain(record.get("because"))
    if not lists["named"] or not lists["means"] or not because:
        faults.add(line, "relation", "needs named, means and because")
    for ident in lists["means"]:
        if ident not in known:
            faults.add(line, "relation", f"means {ident!r}, which is the id of no provider here")
    return Backing(because=because, source=plain(record.get("source")), **lists)


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


_LISTS = ("aliases", "exact", "unlike", "unsure", "beside", "places")  # of a provider
_COMMON = ("beside", "asides", "place_asides", "own")  # of the file, for all of them


def _provider(record: Any, line: int, common: Mapping[str, tuple[str, ...]], faults: Faults) -> Provider | None:
    if not isinstance(record, dict):
        faults.add(line, "provider", "must be a block with id, name and aliases")
        return None
    ident, name = plain(record.get("id")), plain(record.get("name"))
    subject = f"provider {ident or '?'}"
    faults.refuse_unknown_keys(record, {"id", "name", "only_beside", *_LISTS}, line, subject)
    if not _PROVIDER_ID.fullmatch(ident) or len(ident) > 100:
        faults.add(line, subject, "its id must be lower-case words joined by hyphens, such as stability-ai")
    if not name:
        faults.add(line, subject, "needs a name")
    lists = {key: _names(record.get(key, []), key, line, subject, faults) for key in _LISTS}
    only = _names(record.get("only_beside", []), "only_beside", line, subject, faults)
    if only and lists["beside"]:
        faults.add(line, subject, "has beside and only_beside; the second stands for both")
    lists["beside"] = only or lists["beside"] + common["beside"]
    return Provider(id=ident, name=name, **{key: common[key] for key in _COMMON if key != "beside"}, **lists)


def _names(values: Any, key: str, line: int | None, subject: str, faults: Faults) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        faults.add(line, subject, f"{key} must be a list of names; put quotes around a number")
        return ()
    if key in ("asides", "place_asides", "own"):
        for value in values:
            if value.strip().count("{name}") != 1 or value.strip() == "{name}":
                faults.add(line, subject, f"{key}: {value!r} must hold {{name}} once, and words before or behind it")
    return tuple(str(v).strip() for v in values)


def _refuse_doubles(ids: Sequence[tuple[str, str]], faults: Faults) -> None:
    seen: set[str] = set()
    for ident, kind in ids:
        if ident in seen:
            faults.add(None, f"{kind} {ident}", "stands twice: an id means one thing for ever")
        seen.add(ident)


def _refuse_shared_names(providers: Sequence[Provider], faults: Faults) -> None:
    owner: dict[str, str] = {}
    for provider in providers:
        for name in {_key(n) for n in (provider.id, *all_names(provider))}:
            if owner.setdefault(name, provider.id) != provider.id:
                faults.add(None, f"provider {provider.id}", f"the name {name!r} belongs to {owner[name]} already")


# --- finding providers ------------------------------------------------------------------------------------------


class ProviderIndex:
    """Which providers a name or a text means: aliases and product names resolve to their provider.

    The register of owners travels with it, for whoever names an event's providers counts its sources too; `owners` is
    asked once, when somebody first counts, for most commands never do.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        owners: Callable[[], OwnerIndex] | None = None,
        relations: Sequence[Backing] = (),
    ) -> None:
        self.providers = tuple(providers)
        self.relations = tuple(relations)
        self._read_owners = owners
        self._by_id = {p.id: p for p in providers}
        self._by_key: dict[str, Provider] = {}
        for provider in providers:
            for name in (provider.id, *all_names(provider)):
                self._by_key[_key(name)] = provider

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
        return tuple(dict.fromkeys(mention.provider for mention in self.mentions(text)))

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every mention in `text`, in order, and whether it is said in passing."""
        return tuple(self._names.find(text))

    def involved(self, text: str) -> tuple[str, ...]:
        """Ids of the providers that `text` names as more than a place or a teller, in order of first mention."""
        return tuple(dict.fromkeys(mention.provider for mention in self.mentions(text) if not mention.is_aside))

    def behind(self, text: str) -> tuple[tuple[str, str, Backing], ...]:
        """Whom the register knows to stand behind what `text` names: id, the words that say so, and why. Those that
        the text itself names as involved are left out."""
        found: dict[str, tuple[str, str, Backing]] = {}
        if not (holding := tuple(self._relations.find(text))):
            return ()
        involved = {*self.involved(text)}
        for words, relation in holding:
            for ident in relation.means:
                if ident not in involved:
                    found.setdefault(ident, (ident, words, relation))
        return tuple(found.values())

    @cached_property
    def _relations(self) -> RelationFinder:
        return RelationFinder(self.relations)

    @cached_property
    def _names(self) -> NameFinder:
        """Built when a text is first read: most commands read none."""
        return NameFinder(self.providers)


def all_names(provider: Provider) -> tuple[str, ...]:
    """Name, aliases and products, in whatever way they count."""
    return (provider.name, *provider.aliases, *provider.exact, *provider.unsure, *provider.places)


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
