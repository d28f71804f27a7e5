"""A measured figure with its limit, and the timing that all measurements share."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number, its unit, and the limit it must keep (`at_least` turns the limit round)."""

    name: str
    value: float
    unit: str = ""
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        word = "at least" if self.at_least else "at most"
        mark = "ok  " if self.holds else "MISS"
        return f"{mark} {self.name}: {self.value:.3g} {self.unit}".rstrip() + f" ({word} {self.limit:g})"


def milliseconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def in_turn(first: Callable[[], object], second: Callable[[], object], times: int) -> tuple[float, float]:
    """The median milliseconds of two calls, made in turn so that a noisy machine meets both alike."""
    pairs = [(milliseconds(first), milliseconds(second)) for _ in range(times)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def undisturbed(calls: Sequence[Callable[[], object]]) -> tuple[float, str]:
    """The median milliseconds on an idle core, and in words what was measured.

    What neighbors on the same machine take away shows in a fixed loop run right before each call (both slow down
    alike, by up to a half). Each call is told as it would be at the loop's best speed.
    """
    for _ in range(3):
        milliseconds(_loop)
    pairs = [(min(milliseconds(_loop) for _ in range(3)), milliseconds(call)) for call in calls]
    best = min(loop for loop, _ in pairs)
    measured = statistics.median(call for _, call in pairs)
    slowed = statistics.median(loop for loop, _ in pairs) / best
    return statistics.median(
        call / loop for loop, call in pairs
    ) * best, f"{measured:.0f} ms on a core slowed {slowed:.2f} x"


def _loop() -> None:
    found: dict[int, int] = {}
    for number in range(150_000):
        found[number & 1023] = found.get(number & 511, 0) + number
