"""Candidates that newly match saved filters → one message, in plain words, for one address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.model import AlertText, Candidate

MOST_TOLD = 20  # candidates in one message; of the others only the number
_TITLE = 140  # characters of a headline


def write_matches(
    matches: Sequence[tuple[Candidate, Sequence[str]]],
    *,
    providers: Mapping[str, str],
    newsroom: str,
    base_url: str,
    key: str,
) -> AlertText:
    """What matches, each with the names of the filters that it matches, in the order given."""
    count = len(matches)
    names = list(dict.fromkeys(name for _, filters in matches for name in filters))
    first = matches[0][0]
    subject = f"{newsroom}: {_short(first.title)}" if count == 1 else f"{newsroom}: {count} candidates match"
    lines = [f"New for {_listed(names)}:", ""]
    for candidate, filters in matches[:MOST_TOLD]:
        facts = [_many(candidate.source_count, "source"), _many(candidate.article_count, "article")]
        facts += [providers.get(p, p) for p in candidate.providers[:3]]
        facts += [f"matches {_listed(filters)}"] if len(names) > 1 else []
        lines += [_short(candidate.title), "  " + ", ".join(facts)]
        lines += [f"  {base_url}/desk/candidates/{candidate.id}", ""]
    if count > MOST_TOLD:
        lines += [f"and {count - MOST_TOLD} more, at {base_url}/desk/queue", ""]
    lines += [f"You set these alerts at {base_url}/desk/filters", f"This message is {key}."]
    return AlertText(subject=subject, body="\n".join(lines) + "\n")


def _short(title: str) -> str:
    plain = " ".join(title.split())
    return plain if len(plain) <= _TITLE else plain[: _TITLE - 1].rstrip() + "…"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
