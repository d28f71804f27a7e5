"""Whether the locks say what was asked for, with hashes. Asks nobody: what is newer is no fault."""

from collections.abc import Iterator
from pathlib import Path

from dependencies.pins import ASKED_FOR, Pin, read_input, read_lock


def lock_faults(root: Path) -> Iterator[str]:
    """A sentence for every way in which an input and its lock disagree."""
    locks = {lock: read_lock(root / lock) for lock in ASKED_FOR}
    for lock, asked in ASKED_FOR.items():
        yield from _against_input(read_input(root / asked), locks[lock], asked, lock)
        yield from (
            f"{lock}: {pin.name} has no version and hash that install would check"
            for pin in locks[lock]
            if not (pin.version and pin.has_hashes)
        )
    app, dev = ({(pin.name, pin.version) for pin in locks[lock]} for lock in ASKED_FOR)
    yield from (f"requirements-dev.txt: lacks {name}=={version} of requirements.txt" for name, version in app - dev)


def _against_input(asked: list[Pin], locked: list[Pin], asked_file: str, lock: str) -> Iterator[str]:
    versions = {pin.name: pin.version for pin in locked}
    for pin in asked:
        if not pin.version:
            yield f"{asked_file}: {pin.name} needs one exact version, like {pin.name}==1.2.3"
        elif versions.get(pin.name) != pin.version:
            yield f"{lock}: {pin.name} is {versions.get(pin.name, 'not there')}, {asked_file} asks for {pin.version}"
    wanted = {pin.name for pin in asked}
    for pin in locked:
        if pin.asked_for and pin.name not in wanted:
            yield f"{lock}: {pin.name} is there for {asked_file}, which no longer asks for it"
