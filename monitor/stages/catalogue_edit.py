"""feeds.yaml × a change → feeds.yaml: only the lines that the change concerns are touched.

The file is a person's: comments, order, indentation, quotes and line breaks stay as they are, byte for byte. A change
is made in the text, at the places that the nodes of the YAML reader mark, never by writing the file anew. What comes
out is read again and must say exactly what was meant; a layout in which that fails is refused, and nothing is changed.

A new source stands behind the last one of its publisher, else behind the last; a new publisher behind the last. With a
source that is removed go the comments inside it; those above it stay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from monitor.errors import FaultyFile, Unknown
from monitor.model import Catalogue, Complaint, Source
from monitor.stages.address import url_fault, url_key
from monitor.stages.catalogue import read_catalogue, read_with_nodes
from monitor.stages.catalogue_splices import Change, Editor, Odd, Splice, anchors, first_records, spliced

__all__ = ["Change", "Edited", "edit_catalogue", "is_blank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """feeds.yaml after a change, as text and as what it says."""

    text: str
    catalogue: Catalogue
    before: Catalogue
    change: Change  # that was made


def edit_catalogue(
    text: str,
    change: Change | Callable[[Catalogue], Change],
    *,
    file: str,
    providers: Collection[str] | None = None,
) -> Edited:
    """feeds.yaml after `change`, which may depend on what the file says.

    Raises FaultyFile where the file, the change or the layout is at fault, Unknown where a source is to be changed or
    removed that the file does not name. A text without any value, with comments at most, begins a catalogue.
    """
    catalogue, splices = _reader(text, file, providers)
    change = _news(catalogue, change(catalogue) if callable(change) else change)
    _check(catalogue, change, file)
    try:
        edited = spliced(text, splices(change))
    except Odd as odd:
        raise _refusal(file, odd.line, str(odd)) from None
    try:
        found = read_catalogue(edited, file=file, providers=providers)
    except FaultyFile as error:
        raise _blame(error, file) from None
    if found != _expect(catalogue, change):
        raise _refusal(file, None, "its layout")
    return Edited(text=edited, catalogue=found, before=catalogue, change=change)


def _reader(
    text: str, file: str, providers: Collection[str] | None
) -> tuple[Catalogue, Callable[[Change], list[Splice]]]:
    """What a text says, and what finds the places of a change in it."""
    if is_blank(text):
        return Catalogue(publishers=(), sources=()), lambda change: [first_records(text, change)]
    catalogue, root = read_with_nodes(text, file=file, providers=providers)
    return catalogue, Editor(text, catalogue, root).splices


def is_blank(text: str) -> bool:
    """Whether a text holds nothing but space and comments."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines())


# --- what is meant ------------------------------------------------------------------------------------------------


def _news(catalogue: Catalogue, change: Change) -> Change:
    known = {publisher.id for publisher in catalogue.publishers}
    return replace(change, publishers=tuple(p for p in change.publishers if p.id not in known))


def _check(catalogue: Catalogue, change: Change, file: str) -> None:
    """What is wrong with the change itself, before any line is written."""
    known = {source.id: source for source in catalogue.sources}
    for key in (*(source.id for source in change.changed), *change.removed):
        if key not in known:
            raise Unknown(f"{file} has no source {key!r}. `monitor sources` lists them all.")
    leaving = {*change.removed, *(source.id for source in change.changed)}
    taken = {url_key(source.url): source.id for source in catalogue.sources if source.id not in leaving}
    complaints = []
    publishers = {publisher.id for publisher in (*catalogue.publishers, *change.publishers)}
    for source in change.added:
        if source.publisher not in publishers:
            complaints.append(
                _complaint(file, source.id, f"the publisher {source.publisher} is not under `publishers:`")
            )
        if source.id in known:
            complaints.append(_complaint(file, source.id, f"the id is taken by {known[source.id].url}"))
    for source in (*change.added, *change.changed):
        if (reason := url_fault(source.url, source.kind, source=source.id)) is not None:
            complaints.append(_complaint(file, source.id, reason))
        elif (owner := taken.setdefault(url_key(source.url), source.id)) != source.id:
            complaints.append(_complaint(file, source.id, f"the address {source.url} is already that of {owner}"))
    if known and not change.added and not known.keys() - set(change.removed):
        complaints.append(_complaint(file, "sources", "no source would be left: the newsroom would fall silent"))
    if complaints:
        raise FaultyFile(complaints)


def _expect(catalogue: Catalogue, change: Change) -> Catalogue:
    changed = {source.id: source for source in change.changed}
    behind = anchors(catalogue.sources, change.added)
    sources: list[Source] = list(behind.get(-1, ()))
    for index, source in enumerate(catalogue.sources):
        if source.id not in change.removed:
            sources.append(changed.get(source.id, source))
        sources += behind.get(index, ())
    return Catalogue(publishers=(*catalogue.publishers, *change.publishers), sources=tuple(sources))


def _complaint(file: str, subject: str, reason: str) -> Complaint:
    return Complaint(file=file, line=None, subject=subject, reason=f"{reason}. The file was not changed")


def _refusal(file: str, line: int | None, what: str) -> FaultyFile:
    reason = f"{what} is valid, but nothing that can be edited from here: change it by hand. The file was not changed"
    return FaultyFile([Complaint(file=file, line=line, subject="the file", reason=reason)])


def _blame(error: FaultyFile, file: str) -> FaultyFile:
    """The faults of a text that was never written: its lines exist nowhere."""
    if any(complaint.subject == "the file" for complaint in error.complaints):
        return _refusal(file, None, "its layout")
    return FaultyFile([_complaint(c.file, c.subject, c.reason) for c in error.complaints])
