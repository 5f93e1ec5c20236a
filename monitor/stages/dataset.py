"""A published wire → its rows in the tables of the public data, and the same as one nested record.

The tables are said once, here: the columns of the CSV files, of the SQLite file and of the data package, and the words
that explain each. Names of tables and columns never change their meaning; new ones may come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from monitor.model import Codebook, Provider, Revision, RevisionKind, Wire
from monitor.model.dataset import DataFile, Field, Licence, Row, Table
from monitor.stages.canonical import clean_line, clean_text
from monitor.stages.crosswalk import elsewhere
from monitor.stages.markup import linkable_url, plain_text
from monitor.stages.syndicate import Site

VERSION = 1  # moves when the same wire gives other rows, or a table other columns

LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution-ShareAlike 4.0 International",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "CC0-1.0": ("Creative Commons CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODC-By-1.0": ("Open Data Commons Attribution License 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    "ODbL-1.0": ("Open Data Commons Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
}


TABLES = (
    Table(
        name="providers",
        title="Companies and bodies that make or serve AI models",
        key=("id",),
        fields=(
            Field("id", "string", "Name of the provider in addresses and in other tables.", True),
            Field("name", "string", "What people call it.", True),
        ),
    ),
    Table(
        name="codes",
        title="The codebook: how an AI system came to matter (M), what went wrong or was affected (F)",
        key=("id",),
        fields=(
            Field(
                "id", "string", "M or F and a number. A code once used is retired, never used for something else.", True
            ),
            Field("name", "string", "Its name.", True),
            Field("definition", "string", "What it stands for."),
            Field("is_retired", "boolean", "Whether editors no longer give it.", True),
        ),
    ),
    Table(
        name="wires",
        title="Published incidents, as they stand now; retracted ones stay",
        key=("id",),
        order="first_published_at, id",
        fields=(
            Field("id", "integer", "Number of the wire in this newsroom.", True),
            Field("tag", "string", "Its permanent id, the same in every feed (a tag URI, RFC 4151).", True),
            Field("slug", "string", "Its name in addresses; never changes.", True),
            Field("url", "string", "Its page.", True),
            Field("status", "string", "published, corrected or retracted.", True),
            Field("headline", "string", "One sentence that says what happened.", True),
            Field("severity", "string", "SEV-1 (gravest) to SEV-4, as the Editor's Guide defines them."),
            Field("occurred_on", "date", "The day on which it happened."),
            Field("first_published_at", "datetime", "When readers first saw it, UTC.", True),
            Field("revised_at", "datetime", "When the newest revision was published, UTC.", True),
            Field("revision", "integer", "Number of the newest published revision, from 1.", True),
            Field("standard", "string", "Sourcing standard: single-source, standard or confirmed.", True),
            Field("source_count", "integer", "Independent publishers that it rests on.", True),
            Field("signal_origin", "string", "Where the first signal came from: press, provider, regulator, probe …"),
            Field("providers", "string", "Ids of the providers, between spaces; one a row in wire_providers.", True),
            Field("codes", "string", "Codes, between spaces; one a row in wire_codes.", True),
            Field("body", "string", "The text, in Markdown. [source](article:7) cites the source with article_id 7."),
            Field("body_text", "string", "The text without markup and citations."),
            Field("note", "string", "What readers were told of the newest revision."),
            Field("rationale", "string", "Why this is an AI incident, in Markdown."),
            Field("counterfactual", "string", "The but-for test in words."),
            Field("but_for_outcome", "string", "The harm or change that would not have occurred …"),
            Field("but_for_system", "string", "… without this AI system …"),
            Field("but_for_role", "string", "… in this role;"),
            Field("but_for_without", "string", "what would have happened instead."),
            Field("but_for_confidence", "string", "How sure the editor is of it: high, medium or low."),
            Field("manner", "string", "editor, or bulk where the launch archive was classified as one."),
            Field("classified_by", "string", "Who classified it."),
            Field("classified_at", "datetime", "When, UTC."),
        ),
    ),
    Table(
        name="wire_providers",
        title="Which wire names which provider",
        key=("wire_id", "provider_id"),
        refers=(("wire_id", "wires", "id"), ("provider_id", "providers", "id")),
        fields=(
            Field("wire_id", "integer", "The wire.", True),
            Field("provider_id", "string", "The provider.", True),
        ),
    ),
    Table(
        name="wire_codes",
        title="Which wire has which code",
        key=("wire_id", "code_id"),
        refers=(("wire_id", "wires", "id"), ("code_id", "codes", "id")),
        fields=(Field("wire_id", "integer", "The wire.", True), Field("code_id", "string", "The code.", True)),
    ),
    Table(
        name="sources",
        title="What the newest revision of each wire cites, as it was when it was cited",
        key=("wire_id", "number"),
        refers=(("wire_id", "wires", "id"),),
        fields=(
            Field("wire_id", "integer", "The wire.", True),
            Field("number", "integer", "Its place in the wire's list of sources, from 1.", True),
            Field("article_id", "integer", "By which the text cites it.", True),
            Field("url", "string", "Its address; empty where it cannot be opened."),
            Field("title", "string", "Its headline: the publisher's.", True),
            Field("publisher", "string", "Who answers for it: one id for each independent publisher.", True),
            Field("publisher_name", "string", "What people call the publisher.", True),
            Field("origin", "string", "press, provider, regulator, probe, research or incident-database.", True),
            Field("tier", "string", "primary, secondary or tertiary.", True),
            Field("published_at", "datetime", "When it says it was published, UTC."),
            Field("counts", "boolean", "Whether it adds to the source count.", True),
            Field("reason", "string", "Why it counts, or not.", True),
            Field("snapshot", "string", "SHA-256 of the page as it was fetched; the page itself is not published."),
        ),
    ),
    Table(
        name="revisions",
        title="Every published revision of every wire; none ever changes",
        key=("wire_id", "number"),
        refers=(("wire_id", "wires", "id"),),
        fields=(
            Field("wire_id", "integer", "The wire.", True),
            Field("number", "integer", "From 1; drafts that were never published leave gaps.", True),
            Field("kind", "string", "first, update, correction, retraction or restoration.", True),
            Field("published_at", "datetime", "When readers first saw it, UTC.", True),
            Field("headline", "string", "Its headline.", True),
            Field("severity", "string", "Its severity."),
            Field("standard", "string", "Its sourcing standard.", True),
            Field("source_count", "integer", "Its source count.", True),
            Field("note", "string", "What readers were told of it."),
            Field("url", "string", "Its page, as it was published.", True),
        ),
    ),
    Table(
        name="crosswalk",
        title="The same events in other databases, where an editor noted them",
        key=("wire_id", "database", "external_id"),
        refers=(("wire_id", "wires", "id"),),
        fields=(
            Field("wire_id", "integer", "The wire.", True),
            Field("database", "string", "aiid, oecd-aim or aiaaic.", True),
            Field("external_id", "string", "What the event is called there.", True),
            Field("url", "string", "Its page there, where the id says which."),
        ),
    ),
    Table(
        name="taken_down",
        title="Wires that were taken down: their addresses say so, their texts are gone",
        key=("slug",),
        fields=(
            Field("slug", "string", "Its name in addresses.", True),
            Field("tag", "string", "Its permanent id.", True),
            Field("taken_down_at", "datetime", "When, UTC.", True),
        ),
    ),
)
BY_NAME = {table.name: table for table in TABLES}
OF_WIRE = ("wires", "wire_providers", "wire_codes", "sources", "revisions", "crosswalk")  # in the order of references


def read_licence(text: str) -> Licence:
    """A setting → a licence: a known name, or a name and an address behind it."""
    name, _, rest = text.strip().rpartition(" ")
    if rest.startswith(("http://", "https://")):
        return Licence(name=name.strip() or rest, title=name.strip() or rest, url=rest)
    title, url = LICENCES.get(text.strip(), (text.strip(), None))
    return Licence(name=text.strip(), title=title, url=url)


# --- rows --------------------------------------------------------------------------------------------------------


def register_rows(providers: Sequence[Provider], codebook: Codebook) -> dict[str, list[Row]]:
    """What every wire refers to."""
    return {
        "providers": [{"id": p.id, "name": clean_line(p.name)} for p in providers],
        "codes": [
            {"id": c.id, "name": c.name, "definition": c.definition, "is_retired": c.is_retired} for c in codebook.codes
        ],
    }


def rows_of(site: Site, wire: Wire) -> dict[str, list[Row]]:
    """All rows of a published wire, by table; raises ValueError where nothing of it is published."""
    shown = wire.published
    if shown is None or wire.first_published_at is None:
        raise ValueError(f"wire {wire.id} is not published")
    draft, number = shown.draft, int(wire.id)
    return {
        "wires": [_wire_row(site, wire, shown)],
        "wire_providers": [{"wire_id": number, "provider_id": p} for p in dict.fromkeys(draft.providers)],
        "wire_codes": [{"wire_id": number, "code_id": c} for c in dict.fromkeys(draft.codes)],
        "sources": [
            {
                "wire_id": number,
                "number": place,
                "article_id": int(c.article),
                "url": linkable_url(c.url),
                "title": clean_line(c.title),
                "publisher": str(c.publisher),
                "publisher_name": clean_line(c.publisher_name),
                "origin": c.origin.value,
                "tier": c.tier.value,
                "published_at": stamp(c.published_at),
                "counts": c.counts,
                "reason": clean_line(c.reason),
                "snapshot": c.snapshot,
            }
            for place, c in enumerate(shown.citations, start=1)
        ],
        "revisions": [_revision_row(site, wire, r) for r in wire.revisions if r.published_at is not None],
        "crosswalk": [
            {"wire_id": number, "database": e.database, "external_id": e.id, "url": e.url}
            for e in elsewhere(draft.crosswalk)
        ],
    }


def _wire_row(site: Site, wire: Wire, shown: Revision) -> Row:
    draft, why = shown.draft, shown.rationale
    test = None if why is None else why.but_for
    return {
        "id": int(wire.id),
        "tag": wire.tag,
        "slug": wire.slug,
        "url": site.url(f"/wires/{wire.slug}"),
        "status": status_of(wire, shown),
        "headline": clean_line(draft.headline),
        "severity": None if draft.severity is None else draft.severity.value,
        "occurred_on": None if draft.occurred_on is None else draft.occurred_on.isoformat(),
        "first_published_at": stamp(wire.first_published_at),
        "revised_at": stamp(shown.published_at),
        "revision": shown.number,
        "standard": shown.standard.value,
        "source_count": shown.source_count,
        "signal_origin": None if shown.signal_origin is None else shown.signal_origin.value,
        "providers": " ".join(dict.fromkeys(draft.providers)),
        "codes": " ".join(dict.fromkeys(draft.codes)),
        "body": clean_text(draft.body),
        "body_text": clean_text(plain_text(draft.body)),
        "note": clean_text(draft.note) or None,
        "rationale": None if why is None else clean_text(why.text),
        "counterfactual": None if why is None else clean_text(why.counterfactual),
        "but_for_outcome": _said(test.outcome if test else ""),
        "but_for_system": _said(test.system if test else ""),
        "but_for_role": _said(test.role if test else ""),
        "but_for_without": _said(test.without if test else ""),
        "but_for_confidence": None if test is None or test.confidence is None else test.confidence.value,
        "manner": shown.manner.value,
        "classified_by": None if why is None else clean_line(why.classified_by),
        "classified_at": None if why is None else stamp(why.classified_at),
    }


def _revision_row(site: Site, wire: Wire, revision: Revision) -> Row:
    draft = revision.draft
    return {
        "wire_id": int(wire.id),
        "number": revision.number,
        "kind": revision.kind.value,
        "published_at": stamp(revision.published_at),
        "headline": clean_line(draft.headline),
        "severity": None if draft.severity is None else draft.severity.value,
        "standard": revision.standard.value,
        "source_count": revision.source_count,
        "note": _said(draft.note),
        "url": site.url(f"/wires/{wire.slug}/revisions/{revision.number}"),
    }


def status_of(wire: Wire, shown: Revision) -> str:
    """What became of it, in a word."""
    if shown.kind is RevisionKind.RETRACTION:
        return "retracted"
    is_corrected = any(r.kind is RevisionKind.CORRECTION for r in wire.revisions if r.number <= shown.number)
    return "corrected" if is_corrected else "published"


def stamp(at: datetime | None) -> str | None:
    """An instant as the data has it: UTC, whole seconds, 2026-03-02T08:00:00Z."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _said(text: str) -> str | None:
    return clean_text(text).strip() or None


# --- records -----------------------------------------------------------------------------------------------------


def record_of(rows: Mapping[str, Sequence[Row]], names: Mapping[str, Mapping[str, str]]) -> Row:
    """The rows of one wire as one nested record: a line of the JSON Lines file, and what webhooks carry.

    `names` gives the names of "providers" and "codes" by their ids.
    """
    wire = dict(rows["wires"][0])
    wire["providers"] = [
        {"id": r["provider_id"], "name": names["providers"].get(r["provider_id"], r["provider_id"])}
        for r in rows["wire_providers"]
    ]
    wire["codes"] = [
        {"id": r["code_id"], "name": names["codes"].get(r["code_id"], r["code_id"])} for r in rows["wire_codes"]
    ]
    wire["but_for"] = {
        part: wire.pop(f"but_for_{part}") for part in ("outcome", "system", "role", "without", "confidence")
    }
    for table in ("sources", "revisions", "crosswalk"):
        wire[table] = [{k: v for k, v in row.items() if k != "wire_id"} for row in rows[table]]
    return wire


def names_of(providers: Iterable[Mapping[str, Any]], codes: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """What `record_of` has to know of the registers, from their rows."""
    return {"providers": {p["id"]: p["name"] for p in providers}, "codes": {c["id"]: c["name"] for c in codes}}


# --- package -----------------------------------------------------------------------------------------------------


def package_of(
    site: Site, files: Sequence[DataFile], *, licence: Licence, made_at: datetime | None, version: str
) -> Row:
    """datapackage.json (Frictionless Data Package 1.0): which files there are, and what each column means.

    `made_at` is the time of the newest edition in the data, not of the machine.
    """
    licences: list[Row] = [{"name": re.sub(r"[^A-Za-z0-9._-]+", "-", licence.name), "title": licence.title}]
    if licence.url is not None:
        licences[0]["path"] = licence.url
    by_name = {f.name: f for f in files}
    package: Row = {
        "profile": "tabular-data-package",
        "name": "ai-incidents",
        "title": clean_line(f"{site.name}: AI incidents"),
        "description": "The whole public record of this newsroom. Headlines and addresses of sources are their "
        "publishers'; the licence covers the newsroom's own words and classifications.",
        "homepage": site.url("/data"),
        "version": version,
        "licenses": licences,
        "sources": [{"title": clean_line(site.name), "path": site.url("/")}],
        "resources": [_resource(t, by_name[f"{t.name}.csv"]) for t in TABLES if f"{t.name}.csv" in by_name],
    }
    if made_at is not None:
        package["created"] = stamp(made_at)
    return package


def _resource(table: Table, file: DataFile) -> Row:
    schema: Row = {
        "fields": [_schema_field(f, is_key=(f.name,) == table.key) for f in table.fields],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    if table.refers:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": there, "fields": [theirs]}}
            for column, there, theirs in table.refers
        ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": file.name,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size_bytes,
        "hash": f"sha256:{file.digest}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _schema_field(field: Field, *, is_key: bool) -> Row:
    made: Row = {"name": field.name, "type": field.kind, "description": field.means}
    if field.kind == "datetime":
        made["format"] = "default"
    if field.kind == "boolean":
        made |= {"trueValues": ["true"], "falseValues": ["false"]}
    if field.is_needed and field.kind != "string":
        made["constraints"] = {"required": True}
    if is_key:
        made["constraints"] = {"required": True, "unique": True}
    return made


def cell(value: object) -> str:
    """A value as the CSV files have it; texts are made harmless for spreadsheets by whoever writes the file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
