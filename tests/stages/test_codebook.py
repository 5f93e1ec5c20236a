"""The codebook, the provider register and the guide: what a person wrote is read whole, or refused with its lines."""

from __future__ import annotations

from functools import cache

import pytest

from monitor.errors import FaultyFile
from monitor.model import Provider
from monitor.shipped import shipped_path
from monitor.stages.codebook import (
    ProviderIndex,
    guide_sections,
    plain_headings,
    read_codebook,
    read_providers,
    read_relations,
)

HEAD = 'version: "1"\ncodes:\n  - {id: M1, name: a, definition: b}\n'
GUIDE = """# Guide

Hello.

## Severity {#severity}

Levels.

### SEV-1 {#sev-1}

Grave.

## Codes {#codes}

Two.
"""


@cache
def shipped_index() -> ProviderIndex:
    text = shipped_path("providers.yaml").read_text()
    relations = read_relations(text, file="providers.yaml")
    return ProviderIndex(read_providers(text, file="providers.yaml"), relations=relations)


def test_the_shipped_codebook_has_the_two_series_of_the_model() -> None:
    book = read_codebook(shipped_path("codebook.yaml").read_text(), file="codebook.yaml")
    assert [c.id for c in book.mechanisms] == [f"M{n}" for n in range(1, 10)]
    assert [c.id for c in book.failures] == [f"F{n}" for n in range(1, 13)]
    assert all(c.name and c.definition for c in book.codes)
    assert book.version == "1.0"


def test_a_retired_code_is_kept() -> None:
    text = 'version: "2"\ncodes:\n' + "".join(
        f"  - {{id: {i}, name: n, definition: d{extra}}}\n"
        for i, extra in (("M1", ""), ("M2", ", retired: true"), ("F1", ""))
    )
    assert [c.is_retired for c in read_codebook(text, file="c").codes] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("codes: [", "is not YAML"),
        ("nothing: here", "needs a version and a list of codes"),
        (HEAD + "  - {id: X9, name: a, definition: b}", "c:4: code X9"),
        (HEAD + "  - {id: M1, name: a, definition: b}", "stands twice"),
        ('version: "1"\ncodes:\n  - {id: M1, name: a}', "needs a name and a definition"),
        ('version: "1"\ncodes:\n  - {id: M1, name: a, definition: b, retried: true}', "'retried' is not a field"),
        (HEAD, "at least one failure code"),
        ("codes: []", "says which version it is"),
        ("codes: [M1]", "must be a block"),
    ],
)
def test_a_faulty_codebook_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(FaultyFile) as refused:
        read_codebook(text, file="c")
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("providers: {a: b}", "a list of providers"),
        ("providers:\n  - {id: Open AI, name: x}", "p:2: provider Open AI: its id must be lower-case"),
        ("providers:\n  - {id: a, name: x}\n  - {id: b, name: y, aliases: [X]}", "the name 'x' belongs to a already"),
        ("providers:\n  - {id: a, name: x, aliases: [4]}", "put quotes around a number"),
        ("providers:\n  - {id: a}", "needs a name"),
        ("providers:\n  - just text", "must be a block"),
        ("asides: [on TikTok]\nproviders: []", "asides: 'on TikTok' must hold {name} once"),
        ("place: [x]\nproviders: []", "'place' is not a field here"),
    ],
)
def test_a_faulty_register_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(FaultyFile) as refused:
        read_providers(text, file="p")
    assert complaint in str(refused.value)


def test_aliases_and_products_resolve_to_their_provider() -> None:
    index = shipped_index()
    assert len(index.providers) >= 60
    for name in ("openai", "OpenAI", "ChatGPT", "gpt-4o", "  Sora ", "ＯｐｅｎＡＩ"):
        provider = index.resolve(name)
        assert provider is not None
        assert provider.id == "openai"
    assert index.resolve("a bakery") is None


@pytest.mark.parametrize(
    ("text", "providers"),
    [
        ("ChatGPT told Meta's lawyers about GPT 4o", ("openai", "meta")),
        ("A meta-analysis of chatbots", ()),
        ("Meta-analysis: 40 trials of chatbots", ()),
        ("A metaphor, and metadata", ()),
        ("Claude deletes a database; Claude Monet painted lilies", ("anthropic",)),
        ("Fires in the Amazon rainforest", ()),
        ("OpenAI发布新模型", ("openai",)),
        ("Суд против Яндекса", ("yandex",)),
        ("The ChatGPTs of this world", ()),
        ("an apple a day", ()),
        ("Stable Diffusion, Midjourney and Google DeepMind", ("stability-ai", "midjourney", "google")),
        ("", ()),
    ],
)
def test_providers_are_found_in_a_title_by_whole_names(text: str, providers: tuple[str, ...]) -> None:
    assert shipped_index().find(text) == providers


@pytest.mark.parametrize(
    ("text", "providers"),
    [
        ("Meta sued over teen harm", ("meta",)),
        ("A very meta joke about chatbots", ()),
        ("A meta description and a meta tag for AI search", ()),
        ("Gemini tells student to die, Google's chatbot maker says it erred", ("google",)),
        ("Gemini and Cancer: what the stars say this week", ()),
        ("The Gemini spacecraft at seventy", ()),
        ("Gemini chatbot invents case law", ("google",)),
        ("Llama escapes from a farm in Ohio", ()),
        ("Llama jailbroken: Meta's language model leaks", ("meta",)),
        ("Researchers jailbreak Llama, an open language model", ("meta",)),
        ("The mistral wind fans fires in Provence", ()),
        ("Mistral, l'intelligence artificielle française", ("mistral-ai",)),
        ("Apple growers lose their harvest", ()),
        ("Apple growers", ()),
        ("An apple orchard in Kent; apples rot", ()),
        ("Siri recorded couples, Apple admits", ("apple",)),
        ("Deforestation in the Amazon rises", ()),
        ("Amazon River dolphins die", ()),
        ("Amazon scraps a hiring algorithm", ("amazon",)),
        ("A 3-Tesla magnet", ()),
        ("Tesla on Autopilot hits a lorry", ("tesla",)),
        ("An uber-rich donor", ()),
        ("Uber self-driving car kills pedestrian", ("uber",)),
        ("Claude Shannon invented information theory", ()),
        ("Jean-Claude Juncker on AI", ()),
        ("A snowflake falls; the runway is closed; the oracle is silent; the cruise ship docks", ()),
        ("Driverless Cruise car drags a pedestrian", ("cruise",)),
        ("Tom Cruise warns of AI", ()),
        ("Ein Chatbot von OpenAI und die KI Claude", ("openai", "anthropic")),
        ("Deepfake porn ring busted: AI Ring Leader held", ()),
        ("Ring doorbell footage went to the police", ("amazon",)),
        ("Home Office seeks AI ministers", ()),
        ("Home Office drops its visa algorithm", ("home-office",)),
        ("Israeli army used Lavender to choose targets", ("idf",)),
        ("Israeli army chatbot jokes", ()),
        ("Robodebt was unlawful", ("services-australia",)),
        ("A chatbot sells a Chevy for a dollar", ("general-motors",)),
        ("A Tesla hits a Chevy", ("tesla",)),
        ("DALL-E mini draws nurses as women", ()),
        ("OpenClaw deletes an inbox, Moltbook applauds", ("openclaw", "moltbook")),
        ("OkCupid gave photos to a maker of face recognition", ("match-group",)),
    ],
)
def test_an_everyday_word_is_a_provider_only_where_its_company_is_meant(text: str, providers: tuple[str, ...]) -> None:
    assert shipped_index().find(text) == providers


@pytest.mark.parametrize(
    ("text", "involved", "only_named"),
    [
        ("Deepfake of a mayor spreads on TikTok", (), ("bytedance",)),
        ("TikTok's algorithm shows teens self-harm", ("bytedance",), ()),
        ("Fake ads ran on Facebook, Instagram and TikTok", (), ("meta", "bytedance")),
        ("Videos on Rumble and Instagram", (), ("meta",)),
        ("According to a Microsoft report, Storm-1376 used AI", (), ("microsoft",)),
        ("Thefts at Apple stores, and a wrong match", (), ("apple",)),
        ("Instagram users complain: Instagram bans them by mistake", ("meta",), ()),
        ("ChatGPT wrote the book that is sold on Amazon", ("openai",), ("amazon",)),
        ("Ein Video auf YouTube", (), ("google",)),
        ("Voice recognition tools from Apple, Amazon and Google fail", ("apple", "amazon", "google"), ()),
        ("A teenager on Instagram was shown self-harm", (), ("meta",)),
        ("What a teenager saw on Instagram's recommendation system", ("meta",), ()),
        ("A bug in Facebook's ad delivery", ("meta",), ()),
        ("Spread via YouTube algorithms, then on YouTube", ("google",), ()),
    ],
)
def test_who_is_named_in_passing_is_told_from_who_is_involved(
    text: str, involved: tuple[str, ...], only_named: tuple[str, ...]
) -> None:
    index = shipped_index()
    assert index.involved(text) == involved
    assert {*index.find(text)} - {*index.involved(text)} == {*only_named}


def test_a_register_without_the_later_lists_is_read_as_before() -> None:
    text = "providers:\n  - id: a\n    name: Ay\n    aliases: [Bee]\n    exact: [Sea]\n    unlike: [Sea level]\n"
    index = ProviderIndex(read_providers(text, file="p"))
    assert index.find("bee, sea, Sea level") == ("a",)
    assert index.involved("on Bee") == ("a",)


def test_a_newsroom_says_itself_what_makes_a_name_sure() -> None:
    text = (
        "beside: [AI]\nasides: ['rival {name}']\nplace_asides: ['on {name}']\nproviders:\n"
        "  - id: a\n    name: Ayco\n    unsure: [Bee]\n    beside: [hive]\n    places: [Ayco Video]\n"
    )
    index = ProviderIndex(read_providers(text, file="p"))
    assert index.find("A Bee hums") == ()
    assert index.find("A Bee in the hive") == ("a",)
    assert index.find("A Bee by Ayco") == ("a",)
    assert index.find("a bee and AI") == ()
    assert index.find("the aim of a Bee") == ()
    assert index.find("Bee, unmoved." + " word" * 100 + " AI") == ()
    assert index.involved("its rival Ayco, seen on Ayco Video") == ()


def test_words_of_its_own_may_stand_for_the_common_ones() -> None:
    text = (
        "beside: [AI]\nown: ['{name} algorithm']\nplace_asides: ['on {name}']\nproviders:\n"
        "  - {id: a, name: Shop, unsure: [Shop], only_beside: [till], places: [Shop]}\n"
    )
    index = ProviderIndex(read_providers(text, file="p"))
    assert index.find("Shop sells AI") == ()
    assert index.find("Shop and its till") == ("a",)
    assert index.involved("till and AI on Shop") == ()
    assert index.involved("till on Shop's algorithm") == ("a",)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("providers:\n  - {id: a, name: Ay, beside: [x], only_beside: [y]}", "has beside and only_beside"),
        ("providers:\n  - {id: a, name: Ay, only_beside: y}", "only_beside must be a list"),
        ("own: [algorithm]\nproviders:\n  - {id: a, name: Ay}", "must hold {name} once"),
    ],
)
def test_what_surrounds_a_name_is_refused_where_it_says_nothing(lines: str, reason: str) -> None:
    with pytest.raises(FaultyFile, match=reason):
        read_providers(lines, file="p")


def test_every_shipped_relation_says_where_it_can_be_checked() -> None:
    relations = shipped_index().relations
    assert len(relations) >= 20
    assert all(len(relation.source) > 10 for relation in relations)


@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("Bing Chat's demo was full of errors", {"openai"}),
        ("Bing Chat, built on OpenAI's GPT-4, was full of errors", set()),  # named: the text says it itself
        ("Bing found the wrong street", set()),
        ("Stable Diffusion draws a celebrity", {"compvis", "runway", "laion"}),
        ("Detroit police relied on facial recognition to arrest a man", {"dataworks-plus"}),
        ("Detroit police buy new cars", set()),
        ("Apple Card gave her a tenth of his credit limit", {"goldman-sachs"}),
        ("Greystar's rents rose by an algorithm", {"realpage"}),
        ("Grok on X misinformed voters", {"x"}),
        ("We could not grok on x-rays what the machine saw", set()),
    ],
)
def test_who_stands_behind_what_is_named_is_known_to_the_register(text: str, behind: set[str]) -> None:
    assert {ident for ident, _, _ in shipped_index().behind(text)} == behind


@pytest.mark.parametrize(
    ("relation", "reason"),
    [
        ("{named: [Bee], means: [b], because: it is}", "'b', which is the id of no provider"),
        ("{named: [Bee], means: [a]}", "needs named, means and because"),
        ("{named: Bee, means: [a], because: it is}", "must be a list"),
        ("{named: [Bee], means: [a], because: it is, why: so}", "'why' is not a field"),
        ("Bee", "must be a block"),
    ],
)
def test_a_relation_that_says_too_little_is_refused_with_its_line(relation: str, reason: str) -> None:
    text = f"providers:\n  - id: a\n    name: Ay\nrelations:\n  - {relation}\n"
    with pytest.raises(FaultyFile, match=reason) as refused:
        read_relations(text, file="p")
    assert refused.value.complaints[0].line == 5


def test_many_providers_ship_and_share_no_name() -> None:
    index = shipped_index()
    assert len(index.providers) >= 250
    assert all(index.resolve(p.name) == p for p in index.providers)


@pytest.mark.parametrize(
    "text",
    [
        "providers:\n  - ? [a, b]\n    : c\n",
        "providers:\n  - 24: c\n",
        "providers: !!pairs\n  - a: b\n",
        "providers: !something\n  - a: b\n",
        "providers: &a\n  - *a\n",
        "providers:\n  - {id: a, id: b, name: Ay}\n",
        "providers:\n  - id: !!python/object:os.system a\n",
    ],
)
def test_a_file_that_is_yaml_and_no_register_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(FaultyFile) as refused:
        read_providers(text, file="p")
    assert {complaint.line for complaint in refused.value.complaints} <= {1, 2, 3}


def test_lists_are_shared_by_anchor_and_no_is_a_word() -> None:
    text = "providers:\n  - {id: a, name: No, unsure: &u [no, on], only_beside: [x]}\n  - {id: b, name: B, exact: *u}\n"
    with pytest.raises(FaultyFile, match="'no' belongs to a already"):
        read_providers(text, file="p")


def test_an_empty_register_finds_nothing() -> None:
    assert ProviderIndex(()).find("OpenAI") == ()


def test_a_name_with_signs_is_taken_literally() -> None:
    index = ProviderIndex((Provider(id="a", name="C++ (AI)", aliases=("A.I. Corp",)),))
    assert index.find("C++ (AI) and A.I. Corp") == ("a",)
    assert index.find("AxIx Corp") == ()


def test_the_guide_is_cut_at_its_anchors() -> None:
    sections = guide_sections(GUIDE)
    assert list(sections) == ["severity", "sev-1", "codes"]
    assert sections["severity"] == "## Severity\n\nLevels.\n\n### SEV-1\n\nGrave."
    assert sections["sev-1"] == "### SEV-1\n\nGrave."
    assert sections["codes"] == "## Codes\n\nTwo."
    assert "{#" not in plain_headings(GUIDE)
