"""The rulebook: what editors may change as files (codebook, registers, Editor's Guide), or as shipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import FaultyFile
from monitor.model import Codebook, Complaint, Provider
from monitor.shipped import shipped_path
from monitor.stages.codebook import ProviderIndex, read_codebook, read_providers, read_relations
from monitor.stages.owners import OwnerIndex, read_owners


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What wires are judged and described by."""

    codebook: Codebook
    providers: tuple[Provider, ...]
    guide: str  # Markdown
    index: ProviderIndex  # of `providers`: resolves names and aliases; knows the register of owners, too


def read_rulebook(
    *,
    codebook: Path | None = None,
    providers: Path | None = None,
    guide: Path | None = None,
    owners: Path | None = None,
) -> Rulebook:
    """Read the files named, and the shipped ones for the others; raises FaultyFile with what is wrong in them.

    The register of owners is large: it is read when somebody first counts with `index.owners`, and refused then.
    """
    codes_text, codes_file = read_file(codebook, "codebook.yaml")
    providers_text, providers_file = read_file(providers, "providers.yaml")
    register = read_providers(providers_text, file=providers_file)
    return Rulebook(
        codebook=read_codebook(codes_text, file=codes_file),
        providers=register,
        guide=read_file(guide, "guide.md")[0],
        index=ProviderIndex(
            register, owners=owners_of(owners), relations=read_relations(providers_text, file=providers_file)
        ),
    )


def owners_of(chosen: Path | None = None) -> Callable[[], OwnerIndex]:
    """How to read the register of owners in the file `chosen`, or the shipped one; raises FaultyFile when called."""

    def read() -> OwnerIndex:
        text, file = read_file(chosen, "owners.yaml")
        return OwnerIndex(read_owners(text, file=file))

    return read


def read_file(chosen: Path | None, shipped: str) -> tuple[str, str]:
    """The text of the file that was chosen, or of the shipped one, and its name; raises FaultyFile."""
    path = chosen or shipped_path(shipped)
    try:
        return path.read_text(encoding="utf-8"), str(path)
    except (OSError, UnicodeDecodeError) as error:
        complaint = Complaint(file=str(path), line=None, subject="the file", reason=f"cannot be read: {error}")
        raise FaultyFile([complaint]) from error
