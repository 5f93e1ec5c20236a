"""monitor publish, monitor wires, and monitor archive import-wires: what readers see, and what they saw before."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from monitor.cli.grouping import archive
from monitor.cli.newsroom import house_of
from monitor.cli.shell import Shell, err, open_shell, out, print_json, progress_bar
from monitor.errors import FaultyFile
from monitor.jobs.export import ExportReport, export
from monitor.jobs.import_wires import ImportReport, import_wires
from monitor.jobs.news import age_news
from monitor.jobs.publish import PublishReport, publish
from monitor.jobs.rulebook import Rulebook, read_rulebook
from monitor.jobs.sections import sections_of
from monitor.jobs.sections.pages import Pages
from monitor.jobs.wires import see_coverage
from monitor.model import Complaint, Progress, RevisionStatus, Wire, WireId
from monitor.store.late import Late, list_growing
from monitor.store.wires import list_wires

PANEL = "Publication"
COMPLAINTS_SHOWN = 50
ROWS = 50  # of a table on a terminal; JSON is whole
ALL = 1_000_000

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command("publish", rich_help_panel=PANEL)(publish_now)
    app.command("wires", rich_help_panel=PANEL)(wires)
    archive.command("import-wires")(import_finished)


def publish_now(
    json: _Json = False,
    static: Annotated[
        Path | None,
        typer.Option("--static", file_okay=False, metavar="DIR", help="Then copy the whole site there, to be served."),
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Render every document anew, not only what changed.")] = False,
) -> None:
    """Publish what editors have released, and bring feeds, pages and data up to date.

    With nothing released nothing changes. With --static the folder DIR then holds the site as files for any web server,
    the same bytes as Monitor itself serves; run again it copies what differs, and removes only what it wrote.

    Example: monitor publish --static /srv/wire
    """
    with open_shell() as shell, progress_bar("Publishing") as progress:
        report = publish_in(shell, rules_of(shell), progress, is_whole=whole)
        exported = None if static is None else export(shell.settings.public_dir, static, progress=progress)
    if json:
        print_json(report if exported is None else {"published": report, "exported": exported})
        return
    out.print(_publish_line(report))
    if exported is not None:
        out.print(_export_line(exported, static), markup=False, soft_wrap=True)
        for file in exported.left:
            err.print(f"{file} is no longer of the site, but was changed since: it stays.", markup=False)


def wires(
    json: _Json = False,
    limit: Annotated[int, typer.Option(min=1, help="Rows of the table.")] = ROWS,
    growing: Annotated[
        bool, typer.Option("--growing", help="Only those that articles joined since readers saw them.")
    ] = False,
    seen: Annotated[
        int | None,
        typer.Option("--seen", metavar="ID", help="Say that you looked at what joined a wire.", show_default=False),
    ] = None,
    editor: Annotated[
        str, typer.Option("--editor", help="With --seen: who looked; else cli:<your user name>.", show_default=False)
    ] = "",
) -> None:
    """List the wires, drafts too, newest first; with --growing, those with coverage that came after publication.

    Example: monitor wires --growing

    Example: monitor wires --seen 3
    """
    if seen is not None:
        with open_shell() as shell:
            who = editor.strip() or f"cli:{getpass.getuser()}"
            see_coverage(shell.database, shell.clock, WireId(seen), editor=who)
        out.print(f"What joined wire {seen} until now is not offered again.", markup=False)
        return
    if growing:
        _list_growing(as_json=json)
        return
    with open_shell() as shell, shell.database.read() as tx:
        found = list_wires(tx, limit=ALL if json else limit)
    if json:
        print_json([wire_json(w, shell.settings.base_url) for w in found])
    elif not found:
        out.print("No wire yet. monitor queue shows the candidates that wait.")
    else:
        out.print(_table(found))


def import_finished(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="Finished wires, one JSON object a line.")
    ],
    rationale: Annotated[str, typer.Option("--rationale", help="Why all of these are AI incidents; shown on each.")],
    editor: Annotated[
        str, typer.Option("--editor", help="Who answers for it; else cli:<your user name>.", show_default=False)
    ] = "",
    json: _Json = False,
) -> None:
    """Import finished wires of the past, each stamped as bulk-classified today until an editor amends it.

    Each line: headline, body with citations, occurred_on, published, severity, providers, codes, sources. Good lines
    enter and are published under their own dates; bad ones are listed. Run twice, nothing doubles.

    Example: monitor archive import-wires past.jsonl --rationale "Reviewed by the founding editors."
    """
    if not rationale.strip():
        raise typer.BadParameter("say why these are AI incidents", param_hint="--rationale")
    with open_shell() as shell, progress_bar("Importing") as progress:
        rules = rules_of(shell)
        try:
            report = import_wires(
                shell.database,
                shell.clock,
                path=file,
                rationale=rationale.strip(),
                editor=editor.strip() or f"cli:{getpass.getuser()}",
                base_url=shell.settings.base_url,
                codebook=rules.codebook,
                providers=rules.index,
                progress=progress,
            )
        except OSError as error:
            complaint = Complaint(file=str(file), line=None, subject="the file", reason=f"cannot be read: {error}")
            raise FaultyFile([complaint]) from error
        published = publish_in(shell, rules, progress)
    for complaint in report.complaints[:COMPLAINTS_SHOWN]:
        err.print(str(complaint), style="yellow", markup=False, soft_wrap=True)
    if len(report.complaints) > COMPLAINTS_SHOWN:
        err.print(f"… and {len(report.complaints) - COMPLAINTS_SHOWN} more; --json lists all of them.", style="yellow")
    if json:
        print_json({"imported": report, "published": published})
    else:
        out.print(_import_line(report))
        out.print(_publish_line(published))


def rules_of(shell: Shell) -> Rulebook:
    """The codebook, register and guide that the settings name, or the shipped ones."""
    settings = shell.settings
    return read_rulebook(
        codebook=settings.codebook, providers=settings.providers, guide=settings.guide, owners=settings.owners
    )


def publish_in(shell: Shell, rules: Rulebook, progress: Progress, *, is_whole: bool = False) -> PublishReport:
    """Publish what is released and bring the tree up to date, by the settings."""
    settings = shell.settings
    house = house_of(settings, rules)
    done = publish(
        shell.database,
        shell.clock,
        public_dir=settings.public_dir,
        site=house.site,
        progress=progress,
        providers=rules.index,
        sections=sections_of(house),
        is_whole=is_whole,
    )
    age_news(shell.database, shell.clock, public_dir=settings.public_dir, pages=Pages(house))
    return done


def _list_growing(*, as_json: bool) -> None:
    with open_shell() as shell, shell.database.read() as tx:
        found = list_growing(tx)
    if as_json:
        print_json([{**wire_json(g.wire, shell.settings.base_url), "late": _late_json(g)} for g in found])
        return
    if not found:
        out.print("Nothing joined a published wire since an editor last looked.")
    for late in found:
        headline = "".join(c if c.isprintable() else " " for c in late.wire.revisions[-1].draft.headline)
        out.print(
            f"{late.wire.id}  {headline}: new since publication: {len(late.members)} articles, "
            f"{len(late.publishers)} new publishers (candidate {late.wire.candidate})",
            markup=False,
            soft_wrap=True,
        )


def _late_json(late: Late) -> dict[str, object]:
    return {"articles": [m.article.id for m in late.members], "new_publishers": list(late.publishers)}


def wire_json(wire: Wire, base_url: str) -> dict[str, object]:
    """A wire as scripts read it; of its text, the last revision."""
    last = wire.revisions[-1]
    return {
        "id": wire.id,
        "tag": wire.tag,
        "url": None if wire.published is None else f"{base_url}/wires/{wire.slug}",
        "status": last.status.value,
        "revision": last.number,
        "kind": last.kind.value,
        "headline": last.draft.headline,
        "severity": None if last.draft.severity is None else last.draft.severity.value,
        "providers": list(last.draft.providers),
        "codes": list(last.draft.codes),
        "occurred_on": last.draft.occurred_on,
        "source_count": last.source_count,
        "standard": last.standard.value,
        "manner": last.manner.value,
        "candidate": wire.candidate,
        "accepted_by": wire.accepted_by,
        "accepted_at": wire.accepted_at,
        "first_published_at": wire.first_published_at,
        "revised_at": None if wire.published is None else wire.published.published_at,
        "is_retracted": wire.is_retracted,
    }


def _table(found: tuple[Wire, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("ID", "State", "Severity", "Sources", "Published", "Headline"):
        table.add_column(name, overflow="ellipsis", no_wrap=name != "Headline")
    for wire in found:
        last = wire.revisions[-1]
        table.add_row(
            str(wire.id),
            _state(wire),
            last.draft.severity.value if last.draft.severity else "-",
            str(last.source_count),
            "-" if wire.first_published_at is None else wire.first_published_at.strftime("%Y-%m-%d %H:%M"),
            Text(last.draft.headline or "(no headline)"),
        )
    return table


def _state(wire: Wire) -> str:
    last = wire.revisions[-1]
    if wire.is_retracted:
        return "retracted"
    if last.status is RevisionStatus.PUBLISHED:
        return "published"
    return last.status.value if last.number == 1 else f"published, {last.kind.value} {last.status.value}"


def _publish_line(report: PublishReport) -> str:
    line = f"{report.published_count} published, {_documents(report.rendered_count)} written"
    if report.removed_count:
        line += f", {_documents(report.removed_count)} removed"
    if report.unrendered_count:
        line += f", {_documents(report.unrendered_count)} could not be rendered and stay as they were (see the log)"
    return line if not report.failed_count else f"{line}, {report.failed_count} failed and stay released (see the log)"


def _documents(count: int) -> str:
    return f"{count} document{'' if count == 1 else 's'}"


def _export_line(report: ExportReport, folder: Path | None) -> str:
    return f"{report.file_count} files in {folder}: {report.written_count} written, {report.removed_count} removed"


def _import_line(report: ImportReport) -> str:
    wires = "wire" if report.new_count == 1 else "wires"
    return f"{report.new_count} {wires} imported, {report.known_count} known already, {report.refused_count} refused"
