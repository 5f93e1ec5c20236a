"""The rulebook: what editors may change as files (codebook, provider register, Editor's Guide), or as shipped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from monitor.errors import FaultyFile
from monitor.model import Codebook, Complaint, Provider
from monitor.shipped import shipped_path
from monitor.stages.codebook import ProviderIndex, read_codebook, read_providers


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What wires are judged and described by."""

    codebook: Codebook
    providers: tuple[Provider, ...]
    guide: str  # Markdown
    index: ProviderIndex  # of `providers`: resolves names and aliases


def read_rulebook(
    *, codebook: Path | None = None, providers: Path | None = None, guide: Path | None = None
) -> Rulebook:
    """Read the files named, and the shipped ones for the others; raises FaultyFile with what is wrong in them."""
    codes_text, codes_file = _read(codebook, "codebook.yaml")
    providers_text, providers_file = _read(providers, "providers.yaml")
    register = read_providers(providers_text, file=providers_file)
    return Rulebook(
        codebook=read_codebook(codes_text, file=codes_file),
        providers=register,
        guide=_read(guide, "guide.md")[0],
        index=ProviderIndex(register),
    )


def _read(chosen: Path | None, shipped: str) -> tuple[str, str]:
    path = chosen or shipped_path(shipped)
    try:
        return path.read_text(encoding="utf-8"), str(path)
    except (OSError, UnicodeDecodeError) as error:
        complaint = Complaint(file=str(path), line=None, subject="the file", reason=f"cannot be read: {error}")
        raise FaultyFile([complaint]) from error
