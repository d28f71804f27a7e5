"""Long lists, some rows a page: which page was asked for, and the way to each."""

from typing import Any, TypeVar

ON_A_PAGE = 30
T = TypeVar("T")


def page_asked_for(asked: str, count: int) -> int:
    """Which page of so many rows it is, from 0; the last one where there are not so many."""
    found = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0
    return min(found, max(0, (count - 1) // ON_A_PAGE))


def rows_on(page: int, rows: list[T]) -> list[T]:
    """The rows of this page."""
    return rows[page * ON_A_PAGE :][:ON_A_PAGE]


def links_to_pages(address: str, here: int, count: int) -> list[dict[str, Any]]:
    """Each page by the numbers of its rows; none where one holds all."""
    if count <= ON_A_PAGE:
        return []
    joined = f"{address}{'&' if '?' in address else '?'}page="
    return [
        {
            "name": f"{number * ON_A_PAGE + 1}–{min(count, (number + 1) * ON_A_PAGE)}",
            "href": f"{joined}{number}",
            "here": number == here,
        }
        for number in range(-(-count // ON_A_PAGE))
    ]
