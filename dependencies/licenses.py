"""The license of everything that is shipped or depended on, and what is wrong with it."""

from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml

from dependencies.pins import Pin, read_lock

LISTED = Path(__file__).parent / "licenses.yaml"
OTHERS_MAY_HAVE_MADE = ("static/**/*", "docs/**/*", "templates/**/*.svg")
_OSI = "License :: OSI Approved :: "


@cache
def listed() -> dict[str, Any]:
    """What dependencies/licenses.yaml says."""
    found: dict[str, Any] = yaml.safe_load(LISTED.read_text())
    return found


def license_lines(root: Path) -> Iterator[str]:
    """Everything with its license, a line each."""
    for each in listed()["shipped"]:
        yield f"shipped  {each['path']}: {each['license']} ({each['from']})"
    for pin, of_app in _packages(root):
        kind = "app" if of_app else "tests"
        yield f"{kind:8} {pin.name} {pin.version}: {license_of(pin) or 'unknown'}"
    for each in listed()["system"]:
        yield f"system   {each['name']}: {each['license']}"


def license_faults(root: Path) -> Iterator[str]:
    """A sentence for every license that is unknown or not allowed, and every entry of the list that is for nothing."""
    packages = list(_packages(root))
    for pin, of_app in packages:
        yield from _package_faults(pin, of_app)
    names = {pin.name for pin, _ in packages}
    yield from (f"licenses.yaml: {name} is not needed any more" for name in listed()["packages"] if name not in names)
    for each in (*listed()["shipped"], *listed()["system"]):
        if not _allows(each["license"], of_app=True):
            yield f"{each.get('path') or each['name']}: {each['license']} is not allowed"
    yield from _shipped_faults(root)


def license_of(pin: Pin) -> str | None:
    """What the package says of itself, where that is understood; else what is listed here."""
    return _named_by_itself(pin.name) or listed()["packages"].get(pin.name)


def _packages(root: Path) -> Iterator[tuple[Pin, bool]]:
    of_app = {pin.name for pin in read_lock(root / "requirements.txt")}
    yield from ((pin, pin.name in of_app) for pin in read_lock(root / "requirements-dev.txt"))


def _package_faults(pin: Pin, of_app: bool) -> Iterator[str]:
    found = license_of(pin)
    if found is None:
        yield f"{pin.name} {pin.version}: does not say its license in a known word"
    elif not _allows(found, of_app=of_app):
        yield f"{pin.name} {pin.version}: {found} is not allowed{' in the app' if of_app else ''}"
    if pin.only_somewhere and pin.name not in listed()["packages"]:
        yield f"{pin.name}: is left out on some systems, so its license must be listed"


def _named_by_itself(name: str) -> str | None:
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if "License-Expression" in about:
        return about["License-Expression"]
    classified = [each.removeprefix(_OSI) for each in about.get_all("Classifier", []) if each.startswith(_OSI)]
    named = classified[0] if len(classified) == 1 else "" if classified or "License" not in about else about["License"]
    short = listed()["names"].get(named, named)
    return short if short in {*listed()["allowed"], *listed()["allowed_for_tools"]} else None


def _allows(expression: str, *, of_app: bool) -> bool:
    """One of those it gives to choose from, each of whose parts is allowed. Brackets are not read: not allowed."""
    allowed = {*listed()["allowed"], *(() if of_app else listed()["allowed_for_tools"])}
    return any(all(part in allowed for part in choice.split(" AND ")) for choice in expression.split(" OR "))


def _shipped_faults(root: Path) -> Iterator[str]:
    shipped, ours = [each["path"] for each in listed()["shipped"]], listed()["ours"]
    files = [str(file.relative_to(root)) for each in OTHERS_MAY_HAVE_MADE for file in root.glob(each) if file.is_file()]
    for file in sorted(files):
        if not any(file == place or file.startswith(f"{place.rstrip('/')}/") for place in (*shipped, *ours)):
            yield f"{file}: nobody said whose it is"
    yield from (f"licenses.yaml: {place} is not there" for place in (*shipped, *ours) if not (root / place).exists())
    for each in listed()["shipped"]:
        if not (root / each["path"] / each["text"]).is_file():
            yield f"{each['path']}: its license must lie beside it"
