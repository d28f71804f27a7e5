"""Which people go into which PDF, and how it is written: whole or not at all, and beside no other run's."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from commands.streams import NOT_WRITTEN, end

PEOPLE_IN_A_FILE = 100
_LONGEST_NAME = 120  # bytes; a name of a file may have 255
_LETTERS = re.compile(r"\w+")


def name_of(line: int, label: str | None) -> str:
    """What the file of one person is called: by line, and by what the clinic calls them, made safe for any disk."""
    safe = "-".join(_LETTERS.findall(unicodedata.normalize("NFC", label or "")))
    short = safe.encode()[:_LONGEST_NAME].decode(errors="ignore").rstrip("-")
    return f"line-{line}-{short}" if short else f"line-{line}"


def path_of(out: Path | None, each: Path | None, number: int, name: str) -> Path:
    """The file of the group with this number, whose first person has this name."""
    if each is not None:
        return each / f"{name}.pdf"
    assert out is not None
    return out if number == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}")


def refuse_leftovers(out: Path | None, each: Path | None, names: list[str]) -> None:
    """Other people's plans of an earlier run, which would lie beside the new ones as if they belonged to them."""
    if each is not None:
        written = {path_of(out, each, 0, name) for name in names}
        found = [file for file in each.glob("line-*.pdf") if re.match(r"line-\d+\b", file.name) and file not in written]
    else:
        files = -(-len(names) // PEOPLE_IN_A_FILE)
        found = list(_following(out, files + 1))
    if found:
        some = ", ".join(sorted(file.name for file in found)[:3]) + (", …" if len(found) > 3 else "")
        end(
            2,
            f"{some} {'is' if len(found) == 1 else 'are'} there from an earlier run, and not of these people. "
            "Move or remove what is there, or choose another place. Nothing was written.",
        )


def _following(out: Path | None, number: int) -> Iterator[Path]:
    while (path := path_of(out, None, number, "")).exists():
        yield path
        number += 1


def write_whole(path: Path, make: Callable[[], bytes]) -> None:
    """A file that is whole or not there; of one that could not be written no part stays, as it holds plans."""
    part = path.with_name(f".{path.name}.part")
    try:
        if path.exists() and not path.is_file():
            end(NOT_WRITTEN, f"{path} cannot be written: it is no plain file. Choose another place.")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(make())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        end(NOT_WRITTEN, f"{path} cannot be written: {error.strerror}. Choose another place.")


def make_folder(folder: Path) -> None:
    """The folder of --each."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        end(NOT_WRITTEN, f"{folder} cannot be a folder: {error.strerror}. Choose another place.")
