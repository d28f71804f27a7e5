"""Files that a command writes: whole, or not at all."""

from collections.abc import Callable
from pathlib import Path

from commands.streams import NOT_WRITTEN, end


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
