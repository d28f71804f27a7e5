"""./run architecture: draws the rooms of the code, and who imports whom, into docs/architecture.md.

An arrow is left out where others already lead the same way, so that the picture shows the order and not every import.
"""

import tomllib
from collections.abc import Mapping, Sequence
from itertools import permutations, product
from pathlib import Path

from grimp import ImportGraph, build_graph  # comes with import-linter, which sees imports through it

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "architecture.md"
ROOMS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["root_packages"]
BEGIN, END = "<!-- drawn by ./run architecture -->", "<!-- end -->"

Arrows = set[tuple[str, str]]


def main() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(with_picture(text, picture(imports())), encoding="utf-8")


def with_picture(text: str, drawn: str) -> str:
    """The document with this picture between the two marks."""
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{DOCUMENT} needs the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{drawn}\n{END}{after}"


def imports() -> ImportGraph:
    """Every module of the rooms, with what it imports."""
    return build_graph(*ROOMS, cache_dir=None)


def picture(graph: ImportGraph) -> str:
    """The rooms and what lies in them, as a flowchart for Mermaid."""
    lines = ["```mermaid", "flowchart TB"]
    for room in ROOMS:
        lines += _room(graph, room)
    lines += [
        f"    {one} --> {other}" for one, other in sorted(shortest(_arrows(graph, {each: [each] for each in ROOMS})))
    ]
    return "\n".join([*lines, "```"])


def _room(graph: ImportGraph, room: str) -> list[str]:
    size = _count(graph, room)
    folders = sorted(each for each in graph.find_children(room) if graph.find_children(each))
    if not folders:
        return [f'    {room}["{room}: {size}"]']
    boxes = {each.replace(".", "_"): [each] for each in folders}
    titles = [f"{each.removeprefix(room + '.')}: {_count(graph, each)}" for each in folders]
    if alone := sorted(graph.find_children(room) - set(folders)):
        boxes[f"{room}_alone"] = alone
        titles.append(", ".join(each.removeprefix(room + ".") for each in alone))
    lines = [f'    subgraph {room}["{room}: {size}"]']
    lines += [f'        {box}["{title}"]' for box, title in zip(boxes, titles, strict=True)]
    lines += [f"        {one} --> {other}" for one, other in sorted(shortest(_arrows(graph, boxes)))]
    return [*lines, "    end"]


def _count(graph: ImportGraph, package: str) -> int:
    """How many modules, each __init__ left out."""
    return sum(not graph.find_children(each) for each in graph.find_descendants(package))


def _arrows(graph: ImportGraph, boxes: Mapping[str, Sequence[str]]) -> Arrows:
    return {
        (one, other)
        for one, other in permutations(boxes, 2)
        for importer, imported in product(boxes[one], boxes[other])
        if graph.direct_import_exists(importer=importer, imported=imported, as_packages=True)
    }


def shortest(arrows: Arrows) -> Arrows:
    """Those that no longer way says already; the rules of import-linter keep circles out."""
    return {(one, other) for one, other in arrows if not _leads(arrows - {(one, other)}, one, other)}


def _leads(arrows: Arrows, start: str, end: str) -> bool:
    return any(to == end or _leads(arrows, to, end) for one, to in arrows if one == start)


if __name__ == "__main__":
    main()
