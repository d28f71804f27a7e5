"""What the requirement files say: every package with its version and hashes, and whether a person asked for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
ASKED_FOR = {"requirements.txt": "requirements.in", "requirements-dev.txt": "requirements-dev.in"}  # lock: its input
_HASH = re.compile(r" --hash=sha256:[0-9a-f]{64}\b")


@dataclass(frozen=True, kw_only=True)
class Pin:
    """One package of a requirement file; `version` is empty where none is fixed."""

    name: str
    version: str
    has_hashes: bool = False
    asked_for: bool = True
    only_somewhere: bool = False  # an environment marker leaves it out on some systems


def read_input(file: Path) -> list[Pin]:
    """What people asked for: a requirement a line, with the reason behind it."""
    lines = (line.split("#")[0].strip() for line in file.read_text().splitlines())
    return [_pin(line) for line in lines if line and not line.startswith("-")]


def read_lock(file: Path) -> list[Pin]:
    """What uv wrote: each requirement with its hashes, and comments that say for whom it is there."""
    return [
        _pin(_HASH.sub("", line), has_hashes=bool(_HASH.search(line)), asked_for=f"-r {ASKED_FOR[file.name]}" in whom)
        for line, whom in _entries(file.read_text().replace("\\\n", ""))
    ]


def _entries(text: str) -> Iterator[tuple[str, str]]:
    line, comments = "", ""
    for each in text.splitlines():
        if each.lstrip().startswith("#"):
            comments += each
            continue
        if line:
            yield line, comments
        line, comments = re.sub(r"\s+", " ", each.split(" #")[0]).strip(), each
    if line:
        yield line, comments


def _pin(line: str, *, has_hashes: bool = False, asked_for: bool = True) -> Pin:
    found = Requirement(line)
    exact = [each.version for each in found.specifier if each.operator == "==" and "*" not in each.version]
    return Pin(
        name=canonicalize_name(found.name),
        version=exact[0] if len(exact) == len(found.specifier) == 1 else "",
        has_hashes=has_hashes,
        asked_for=asked_for,
        only_somewhere=found.marker is not None,
    )
