"""The drawings as paper shows them: a picture in a file knows no stylesheet, so that what the screen's says of each
class stands in attributes, in the colors of its palette for paper."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_SAYS = re.compile(r"^\.drawing \.([\w-]+) \{ ([\w-]+): ([^;]+); \}$", re.MULTILINE)
_COLOR = re.compile(r"^  (--[\w-]+): .*var\(--paper, (#\w+)\)", re.MULTILINE)
_CLASSES = re.compile(r' class="([\w -]+)"')


def printed_drawings() -> dict[str, bytes]:
    """Every drawing by the name of its file."""
    says = _attributes((ROOT / "static/site.css").read_text("utf-8"))
    files = (ROOT / "templates/components/drawings").glob("*.svg")
    return {file.name: _printed(file.read_text("utf-8"), says).encode() for file in files}


def _attributes(css: str) -> dict[str, tuple[str, str]]:
    """What each class sets, and to what."""
    colors = {f"var({name})": color for name, color in _COLOR.findall(css)}
    return {name: (attribute, colors.get(value, value)) for name, attribute, value in _SAYS.findall(css)}


def _printed(drawing: str, says: dict[str, tuple[str, str]]) -> str:
    """The drawing with attributes for classes; where two set the same, that of the stylesheet's later rule."""

    def attributes(found: re.Match[str]) -> str:
        classes = sorted(says.keys() & found[1].split(), key=list(says).index)
        return "".join(f' {name}="{value}"' for name, value in dict(says[each] for each in classes).items())

    return _CLASSES.sub(attributes, drawing)
