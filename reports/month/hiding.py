"""Which counts of people are hidden so that nobody is known by them: small ones, and others from which they follow.

After the usual practice for published health tables: primary cells of 1 to 4, then secondary ones until no sum that is
shown leaves a single way to fill in what is hidden. A count of nobody is shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

SMALLEST_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A count that is the sum of others, each by its name."""

    total: str
    parts: tuple[str, ...]


def hidden(counts: Mapping[str, int], sums: Sequence[Sum]) -> frozenset[str]:
    """The names of the counts that are not shown."""
    found = {name for name, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    while more := next(_betrayed(counts, sums, found), None):
        found.add(more)
    return frozenset(found)


def _betrayed(counts: Mapping[str, int], sums: Sequence[Sum], found: set[str]) -> Iterator[str]:
    """What must be hidden too, as a sum gives something away without it."""
    for each in sums:
        parts = [name for name in each.parts if name in found]
        alone = len(parts) + (each.total in found) == 1
        few = bool(parts) and each.total not in found and sum(counts[name] for name in parts) < SMALLEST_SHOWN
        if alone or few:
            yield from _next_smallest(counts, each, found)


def _next_smallest(counts: Mapping[str, int], one: Sum, found: set[str]) -> Iterator[str]:
    """The smallest part that is shown, people before nobody, or else the sum itself."""
    shown = [name for name in one.parts if name not in found]
    yield from sorted(shown, key=lambda name: (counts[name] == 0, counts[name]))
    if one.total not in found:
        yield one.total
