"""What a phone reads from a square on the screen: the drawing → the address in it. Nothing of it is soiled or lost."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

from segno import consts
from segno.encoder import add_alignment_patterns, add_finder_patterns, get_data_mask_functions, make_matrix

BORDER = 4
Modules = list[list[bool]]


def read(drawing: str) -> str:
    """The address in a square that segno drew. :raises ValueError: none can be read"""
    modules = _modules(drawing)
    version = (len(modules) - 17) // 4
    for error, mask in product("lmqh", range(8)):
        found = _text(modules, version, error, mask)
        if found.startswith("http"):
            return found
    raise ValueError("no address stands in the square")


def _modules(drawing: str) -> Modules:
    """Which are dark, from the lines of the path."""
    size = int(re.findall(r'viewBox="0 0 (\d+)', drawing)[0]) - 2 * BORDER
    dark, x, y = [[False] * size for _ in range(size)], 0.0, 0.0
    (path,) = re.findall(r'<path[^>]* stroke="[^"]*"[^>]* d="([^"]+)"', drawing)
    for kind, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path):
        if kind == "h":
            for step in range(int(first)):
                dark[int(y) - BORDER][int(x) + step - BORDER] = True
            x += int(first)
        else:
            x, y = (0.0, 0.0) if kind == "M" else (x, y)
            x, y = x + float(first), y + float(second)
    return dark


def _text(modules: Modules, version: int, error: str, mask: int) -> str:
    is_masked = get_data_mask_functions(False)[mask]  # type: ignore[no-untyped-call]
    free = _free(len(modules))
    bits = [
        modules[row][column] ^ is_masked(row, column) for row, column in _places(len(modules)) if free[row][column] == 2
    ]
    codewords = [sum(bit << 7 - place for place, bit in enumerate(bits[at : at + 8])) for at in range(0, len(bits), 8)]
    data = "".join(f"{each:08b}" for each in _in_order(codewords, version, error))
    start = 12 if version < 10 else 20
    if data[:4] != "0100":  # not bytes
        return ""
    ends = start + 8 * int(data[4:start], 2)
    return bytes(int(data[at : at + 8], 2) for at in range(start, min(ends, len(data)), 8)).decode("ascii", "replace")


@cache
def _free(size: int) -> list[bytearray]:
    """2 where data may stand, in a square of this size."""
    matrix: list[bytearray] = make_matrix(size, size)  # type: ignore[no-untyped-call]
    add_finder_patterns(matrix, size, size)  # type: ignore[no-untyped-call]
    add_alignment_patterns(matrix, size, size)  # type: ignore[no-untyped-call]
    return matrix


def _places(size: int) -> Iterator[tuple[int, int]]:
    """Rows and columns as codewords are laid: two columns at a time from the right, up and down in turn."""
    upwards = True
    for right in (*range(size - 1, 6, -2), *range(5, 0, -2)):
        for step in range(size):
            row = size - 1 - step if upwards else step
            yield row, right
            yield row, right - 1
        upwards = not upwards


def _in_order(codewords: list[int], version: int, error: str) -> list[int]:
    """The data of all blocks, which lie mixed."""
    kinds: Any = consts.ECC[version][consts.ERROR_MAPPING[error.upper()]]  # type: ignore[index]
    sizes = [each.num_data for each in kinds for _ in range(each.num_blocks)]
    blocks: list[list[int]] = [[] for _ in sizes]
    taken = iter(codewords)
    for place in range(max(sizes)):
        for block, size in zip(blocks, sizes, strict=True):
            if place < size:
                block.append(next(taken))
    return [each for block in blocks for each in block]
