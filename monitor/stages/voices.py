"""Publishers → voices: who speaks with one voice because one owner stands behind them, and how that is known.

A *house* is the company or body behind a publisher: two publishers of one house are never two sources. A *voice* is
whose words an article prints: its house's, or those of whom it credits (an agency in the byline, `dc:source`, a
syndication link). What feeds.yaml says of an owner wins; the register of owners knows the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.model import Article, Credit, CreditKind, Member, PublisherId
from monitor.stages.canonical import host_of
from monitor.stages.owners import Owned, OwnerIndex, fold

Owners = Mapping[PublisherId, str]  # the company behind a publisher, as feeds.yaml says
NO_OWNERS: Owners = {}
# What says that the words are another's. "via" is a nod to who had it first, and a retelling at the most.
LENDING = frozenset(
    {CreditKind.AGENCY, CreditKind.DC_SOURCE, CreditKind.SYNDICATION, CreditKind.REPUBLISHED, CreditKind.TRANSLATED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """Whose words an article prints."""

    voice: str
    name: str
    credit: Credit


class Voices:
    """The houses and voices of some articles."""

    def __init__(self, members: Sequence[Member], owners: Owners, register: OwnerIndex) -> None:
        self._register = register
        self._owned: dict[PublisherId, Owned | None] = {}
        names: dict[str, list[PublisherId]] = {}
        for article in sorted((m.article for m in members), key=lambda a: a.id):
            names.setdefault(fold(article.publisher_name), []).append(article.publisher)
            if self._owned.get(article.publisher) is None:
                self._owned[article.publisher] = _owned(article, owners, register)
        self._named = {name: min(found) for name, found in names.items()}
        self._houses = {fold(o.owner) for o in self._owned.values() if o is not None}

    def owned(self, article: Article) -> Owned | None:
        """Who stands behind the article's publisher; None where nobody is known to."""
        return self._owned[article.publisher]

    def house(self, article: Article) -> str:
        """The company or body that answers for the article."""
        owned = self._owned[article.publisher]
        if owned is not None:
            return f"owner:{fold(owned.owner)}"
        name = fold(article.publisher_name)
        return f"owner:{name}" if name in self._houses else f"publisher:{article.publisher}"

    def called(self, name: str, house_of: Mapping[PublisherId, str]) -> str:
        """The house of whom others call by `name`: a publisher of these articles, of the register, or somebody else."""
        publisher = self._named.get(fold(name))
        if publisher is not None:
            return house_of[publisher]
        owned = self._register.find(name=name)
        return f"owner:{fold(owned.owner)}" if owned is not None else f"name:{fold(name)}"

    def lent(self, article: Article, house_of: Mapping[PublisherId, str]) -> Lent | None:
        """Whose words the article says it prints, where they are another house's that anybody knows."""
        for credit in sorted(article.credits, key=lambda c: (list(CreditKind).index(c.kind), c.name)):
            if credit.kind not in LENDING:
                continue
            known = self._register.find(name=credit.name, host=host_of(credit.url) if credit.url else None)
            if known is None and fold(credit.name) not in self._named:
                continue
            name = credit.name if known is None or known.outlet is None else known.outlet
            voice = self.called(name, house_of)
            if voice != house_of[article.publisher]:
                return Lent(voice=voice, name=name, credit=credit)
        return None

    def own_names(self, article: Article) -> tuple[str, ...]:
        """How the article's publisher is called, and whom it credits: what these report is no other's report."""
        owned = self._owned[article.publisher]
        outlet = () if owned is None or owned.outlet is None else (owned.outlet,)
        return tuple(
            dict.fromkeys((article.publisher_name, *outlet, *(c.name for c in article.credits if c.kind in LENDING)))
        )


def _owned(article: Article, owners: Owners, register: OwnerIndex) -> Owned | None:
    host = host_of(article.canonical_url) or None
    said = owners.get(article.publisher)
    if said:
        return register.reconcile(said, name=article.publisher_name, host=host)
    return register.find(name=article.publisher_name, host=host)
