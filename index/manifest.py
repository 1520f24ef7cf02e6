"""Here is a derived index on disk; tell me what made it, and put it aside when it is not ours.

A manifest says which store, which generation of it and which parameters an index was made from.
It is written beside and moved into place, so a crash leaves the old one or the new one.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made a derived index.

    `store` is the store's own random id, `generation` the last commit in it, `parameters` the
    fingerprint of the analyzer or encoder with the format's version. `file` and `checksum`
    (BLAKE2b-256 hex) name a data file without checksums of its own; "" where there is none.
    """

    store: str
    generation: int
    parameters: str
    file: str = ""
    checksum: str = ""


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest in `folder`; None where there is none or it is not one."""
    try:
        found = Manifest(**json.loads((folder / NAME).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return found if isinstance(found.generation, int) else None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in `folder`, whole, and durably."""
    write_file(folder / NAME, json.dumps(asdict(manifest), indent=1).encode())


def write_file(path: Path, data: bytes) -> None:
    """Replace the file at `path` by `data`: after a crash it is the old one or the new one."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a power loss."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def quarantine(folder: Path) -> Path:
    """The place `folder` was moved to, for whoever wants to look; only the last one is kept."""
    aside = folder.with_name(folder.name + ".damaged")
    if aside.exists():
        shutil.rmtree(aside)
    folder.replace(aside)
    sync_folder(folder.parent)
    return aside
