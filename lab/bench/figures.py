"""A measured figure with its limit, and the timing that all measurements share."""

import statistics
import time
from collections.abc import Callable
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
        value = f"{self.value:.3g}" if abs(self.value) < 1000 else f"{self.value:,.0f}"
        return f"{mark} {self.name}: {value} {self.unit}".rstrip() + f" ({word} {self.limit:g})"


def milliseconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def in_turn(first: Callable[[], object], second: Callable[[], object], times: int) -> tuple[float, float]:
    """The median milliseconds of two calls, made in turn so that a noisy machine meets both alike."""
    pairs = [(milliseconds(first), milliseconds(second)) for _ in range(times)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
