"""Markdown of an editor → HTML that is safe on a page of ours and in a reader's feed program (H21-H24).

Raw HTML in Markdown stays text, images are not a part of it, links are http or https, and an allow-list has the last
word. Markdown's own nesting is bounded (MAX_NESTING), so no document can nest deep enough to hurt the sanitiser.

A citation is a link whose text is "source" or whose target is `article:ID`; it becomes a superscripted link to the
source of that wire. A source without an address that may be opened is linked to its place in the list of sources,
where its snapshot is named.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from monitor.model import ArticleId
from monitor.stages.canonical import canonical_url, clean_text, cut, openable_url

MAX_NESTING = 20  # levels of quotation and lists; markdown-it leaves deeper ones as text
HEADING_SHIFT = 2  # a page has its own h1 and h2: headings of a text begin at h3

_ARTICLE = re.compile(r"article:([0-9]{1,18})")
_CITATION_TEXT = re.compile(r"sources?( [0-9]+)?", re.IGNORECASE)
_ANCHOR = re.compile(r"\s*\{#([a-z0-9_-]+)\}\s*$")
_SPACE = re.compile(r"\s+")
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~]")
_BLOCK_START = re.compile(r"([0-9]{1,9})(?=[.)])|(?=[#+\-=>])")  # at the beginning of a line: list, heading, quotation
_NOT_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`\x7f]')
_TAGS = {
    *(
        "p",
        "br",
        "hr",
        "em",
        "strong",
        "s",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "sup",
        "a",
        "span",
        "bdi",
        "del",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6"),
}
_ATTRIBUTES = {
    "a": {"href", "class", "data-told", "title"},
    "sup": {"class"},
    "ol": {"start"},
    **{f"h{n}": {"id"} for n in range(1, 7)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLink:
    """Where a citation leads, and what it reveals of its source."""

    article: ArticleId
    number: int  # place in the wire's list of sources, from 1
    url: str
    told: str  # publisher and date, plain text


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One block of a text that has to name its source: a paragraph, a list, a quotation or a table."""

    text: str  # plain, without the citations
    line: int  # 1-based, where it begins
    targets: tuple[str, ...]  # of its citations, as written
    passages: tuple[tuple[str, str], ...] = ()  # of those that quote: target, and the words, as a link's title has them


# --- reading ----------------------------------------------------------------------------------------------------


def paragraphs(markdown: str) -> tuple[Paragraph, ...]:
    """The blocks of `markdown` in order; headings, rules and code need no source and are left out."""
    return tuple(
        Paragraph(
            text=_plain(block),
            line=(block[0].map or [0])[0] + 1,
            targets=tuple(_targets(block)),
            passages=tuple(_passages(block)),
        )
        for block in _blocks(_parse(markdown))
        if block[0].type not in {"heading_open", "hr", "fence", "code_block"}
    )


def citation_key(target: str) -> str | None:
    """One spelling for what a citation points at: `article:42`, or a canonical URL; None for anything else."""
    match = _ARTICLE.fullmatch(target.strip())
    return f"article:{int(match[1])}" if match else canonical_url(target)


def cited_keys(markdown: str) -> tuple[str, ...]:
    """The keys of all that `markdown` cites, in order of first appearance, each once."""
    keys = (citation_key(target) for block in paragraphs(markdown) for target in block.targets)
    return tuple(dict.fromkeys(k for k in keys if k is not None))


def cited_passages(markdown: str) -> tuple[tuple[str, str], ...]:
    """What `markdown` quotes: the key of the source and the words, in order, each once.

    A citation quotes in its title: `[source](article:42 "as many as 4,000 families")`.
    """
    found = (
        (key, words)
        for block in paragraphs(markdown)
        for target, words in block.passages
        if (key := citation_key(target)) is not None
    )
    return tuple(dict.fromkeys(found))


def plain_summary(markdown: str, limit: int = 300) -> str:
    """The beginning of `markdown` as plain text of at most `limit` characters, without citations and headings (O7)."""
    text = _SPACE.sub(" ", " ".join(p.text for p in paragraphs(markdown))).strip()
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    words = head.rpartition(" ")[0]
    return (words or head).rstrip(" ,;:.-") + "…"


def plain_text(markdown: str) -> str:
    """All of `markdown` as plain text, blocks parted by empty lines, without citations."""
    return "\n\n".join(_plain(block) for block in _blocks(_parse(markdown)) if block[0].type != "hr")


def escape_text(text: str) -> str:
    """The Markdown that reads as `text`, one line of it: nothing in it is a mark, a link or the start of a list."""
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return _BLOCK_START.sub(lambda m: f"{m[1] or ''}\\", escaped, count=1) if _BLOCK_START.match(escaped) else escaped


# --- writing ----------------------------------------------------------------------------------------------------


def render_body(markdown: str, links: Sequence[SourceLink] = (), *, is_page: bool = True) -> str:
    """Safe HTML of a wire's text, with its citations as superscripted links.

    `is_page`: on our own pages a citation carries what it reveals on focus; elsewhere it is a plain link, which knows
    the quoted passage alone: source and date stand in the list of sources, and every byte is sent with every feed.
    A citation of something that is not among `links` stays as the text "[source]".
    """
    by_key = _by_key(links)
    tokens = _parse(markdown)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1:]) + HEADING_SHIFT)}"
        if token.children:
            token.children = list(_linked(token.children, by_key, is_page=is_page))
    return safe_html(_markdown().renderer.render(tokens, _markdown().options, {}), is_page=is_page)


def render_guide(markdown: str) -> str:
    """Safe HTML of the Editor's Guide: its headings keep their rank, and the anchors written behind them."""
    tokens = _parse(markdown, keep_local=True)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and inline.children and (found := _ANCHOR.search(inline.content)):
            opening.attrSet("id", found[1])
            last = inline.children[-1]
            last.content = _ANCHOR.sub("", last.content)
    return safe_html(_markdown().renderer.render(tokens, _markdown().options, {}))


def safe_html(markup: str, *, is_page: bool = True) -> str:
    """`markup` with everything taken out that is not on the allow-list. Always the last step before output.

    `is_page`: on our own pages links say how they relate to us; a program that shows our feed says it for itself.
    """
    return nh3.clean(
        markup,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="nofollow noopener" if is_page else None,
        allowed_classes=None,
        strip_comments=True,
    )


def linkable_url(url: str | None) -> str | None:
    """`url` as an href may carry it: http or https, what no IRI may hold escaped (RFC 3987 2.2)."""
    opened = openable_url(url)
    return None if opened is None else _NOT_IRI.sub(lambda m: f"%{ord(m[0]):02X}", opened)


# --- the parts --------------------------------------------------------------------------------------------------


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with tables and strike-through, without raw HTML and without images (H22, H24)."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
    parser.parse("a *word*")  # which rules apply is settled with the first text: before others may share it
    return parser


def _parse(markdown: str, *, keep_local: bool = False) -> list[Token]:
    tokens = _markdown().parse(clean_text(markdown))
    for token in tokens:
        if token.children:
            token.children = list(_without_bad_links(token.children, keep_local=keep_local))
    return tokens


def _without_bad_links(children: Sequence[Token], *, keep_local: bool) -> Iterator[Token]:
    """Links to anything but http, https and articles become their text (H21)."""
    is_kept = True
    for token in children:
        if token.type == "link_open":
            target = str(token.attrGet("href") or "")
            is_kept = _may_link(target, keep_local=keep_local)
        if is_kept or token.type not in {"link_open", "link_close"}:
            yield token
        if token.type == "link_close":
            is_kept = True


def _may_link(target: str, *, keep_local: bool) -> bool:
    if _ARTICLE.fullmatch(target):
        return True
    if keep_local and re.fullmatch(r"(#|/)[a-z0-9/_#-]*", target) and not target.startswith("//"):
        return True
    return target.lower().startswith(("http://", "https://")) and openable_url(target) is not None


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _spans(children: Sequence[Token]) -> Iterator[tuple[str | None, list[Token]]]:
    """The children in order, each link with its target as one span, everything else alone with None."""
    span: list[Token] = []
    target: str | None = None
    for token in children:
        if token.type == "link_open":
            target, span = str(token.attrGet("href") or ""), [token]
        elif target is not None:
            span.append(token)
            if token.type == "link_close":
                yield target, span
                target = None
        else:
            yield None, [token]


def _is_citation(target: str, span: Sequence[Token]) -> bool:
    words = "".join(t.content for t in span).strip()
    return _ARTICLE.fullmatch(target) is not None or _CITATION_TEXT.fullmatch(words) is not None


def _inlines(block: Sequence[Token]) -> Iterator[list[Token]]:
    for token in block:
        if token.type == "inline" and token.children:
            yield token.children


def _targets(block: Sequence[Token]) -> Iterator[str]:
    for children in _inlines(block):
        for target, span in _spans(children):
            if target is not None and _is_citation(target, span):
                yield target


def _passages(block: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for children in _inlines(block):
        for target, span in _spans(children):
            if target is not None and _is_citation(target, span) and (words := _quoted(span)):
                yield target, words


def _quoted(span: Sequence[Token]) -> str:
    """The words that a citation quotes; "" where it names a source only."""
    return _SPACE.sub(" ", str(span[0].attrGet("title") or "")).strip()


def _plain(block: Sequence[Token]) -> str:
    parts = []
    for children in _inlines(block):
        for target, span in _spans(children):
            if target is None or not _is_citation(target, span):
                parts.append("".join(" " if t.type in {"softbreak", "hardbreak"} else t.content for t in span))
        parts.append(" ")
    parts.extend(t.content for t in block if t.type in {"fence", "code_block"})
    return re.sub(r" (?=[.,;:!?])", "", _SPACE.sub(" ", "".join(parts))).strip()


def _by_key(links: Iterable[SourceLink]) -> Mapping[str, SourceLink]:
    keys: dict[str, SourceLink] = {}
    for link in links:
        keys[f"article:{link.article}"] = link
        if (canonical := canonical_url(link.url)) is not None:
            keys.setdefault(canonical, link)
    return keys


def _linked(children: Sequence[Token], by_key: Mapping[str, SourceLink], *, is_page: bool) -> Iterator[Token]:
    spans = [*_spans(children), (None, [])]
    for (target, span), (following, after) in pairwise(spans):
        if target is None or not _is_citation(target, span):
            if following is not None and _is_citation(following, after) and span[-1].type == "text":
                span[-1].content = span[-1].content.rstrip()  # a citation belongs to the word before it
            yield from span
            continue
        link = by_key.get(citation_key(target) or "")
        yield Token(
            "html_inline",
            "",
            0,
            content=" [source]" if link is None else _superscript(link, _quoted(span), is_page=is_page),
        )


def _superscript(link: SourceLink, quoted: str, *, is_page: bool) -> str:
    url = linkable_url(link.url)
    if url is None and not is_page:
        return "[source]"
    href = html.escape(url or f"#source-{link.number}", quote=True)
    words = f"“{cut(quoted, 300)}”" if quoted else ""
    if not is_page:
        shown = f' title="{html.escape(words, quote=True)}"' if words else ""
        return f'<sup><a href="{href}"{shown}>[source]</a></sup>'
    told = html.escape(": ".join(filter(None, (cut(link.told, 200), words))), quote=True)
    bond = "\u2060"  # no line begins with a citation
    return f'{bond}<sup class="cite"><a href="{href}" data-told="{told}">[source]</a></sup>'
