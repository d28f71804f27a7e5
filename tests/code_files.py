"""Every module of the project but its tests."""

from functools import cache

from lab.architecture import ROOMS, ROOT

CODE = [ROOT / room for room in (*ROOMS, "lab", "dependencies")]


@cache
def modules() -> dict[str, str]:
    """What stands in each, by its path."""
    paths = [ROOT / "app.py", *(path for room in CODE for path in sorted(room.rglob("*.py")))]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}
