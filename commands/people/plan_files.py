"""Which people go into which PDF, beside no other run's."""

import re
from collections.abc import Iterator
from pathlib import Path

from commands.streams import end

PEOPLE_IN_A_FILE = 100


def path_of(out: Path | None, each: Path | None, number: int, name: str) -> Path:
    """The file of the group with this number, whose first person has this name."""
    if each is not None:
        return each / f"{name}.pdf"
    assert out is not None
    return out if number == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}")


def refuse_leftovers(out: Path | None, each: Path | None, names: list[str]) -> None:
    """Other people's plans of an earlier run, which would lie beside the new ones as if they belonged to them."""
    if each is None:
        refuse_following(out, -(-len(names) // PEOPLE_IN_A_FILE))
        return
    written = {path_of(out, each, 0, name) for name in names}
    _refuse([file for file in each.glob("line-*.pdf") if re.match(r"line-\d+\b", file.name) and file not in written])


def refuse_following(out: Path | None, files: int) -> None:
    """The same where so many files are written, each with its number."""
    _refuse(list(_following(out, files + 1)))


def _refuse(found: list[Path]) -> None:
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
