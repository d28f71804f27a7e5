"""Our drawings as WeasyPrint draws them: parsed and drawn once a process, then only set down again."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from xml.etree import ElementTree

from pydyf import Dictionary
from weasyprint.images import SVGImage

OURS = "bundled:"
_RESOURCES = ("ExtGState", "XObject", "Pattern", "Shading", "ColorSpace")


class Pictures(dict[str, Any]):
    """The pictures of one document by address, as WeasyPrint looks for them; ours are there before it looks."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__()
        self._files = files

    def __contains__(self, url: object) -> bool:
        if not super().__contains__(url) and isinstance(url, str) and url.startswith(OURS):
            file = self._files.get(url.removeprefix(OURS))
            if file is not None:
                self[url] = _drawing(url, file)
        return super().__contains__(url)

    def let_go_of_the_layout(self) -> None:
        """A vector picture that is not ours, a chart or a square, keeps the whole layout alive."""
        for picture in self.values():
            if hasattr(picture, "_context"):
                picture._context = None


@cache
def _drawing(url: str, file: bytes) -> "Drawing":
    return Drawing(ElementTree.fromstring(file), url, None, None)


class Drawing(SVGImage):  # type: ignore[misc]
    """A vector picture without words, whose lines are kept for each size that it was drawn in."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._drawn: dict[tuple[float, float], tuple[bytes, dict[str, Any]]] = {}

    def draw(self, stream: Any, concrete_width: float, concrete_height: float, _style: object) -> None:
        size = concrete_width, concrete_height
        if size not in self._drawn:
            resources = Dictionary({each: Dictionary() for each in _RESOURCES})
            blank = stream.clone(resources=resources, tags=None)
            super().draw(blank, *size, None)
            self._drawn[size] = b"\n".join(blank.stream), resources["ExtGState"]
        lines, states = self._drawn[size]
        stream.stream.append(lines)
        stream._resources["ExtGState"].update(states)
