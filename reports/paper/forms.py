"""What a page says, and how large: chosen by reckoning so that it is full and no fuller."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PosterForm:
    """What the first page says, so that it is full and no fuller: what gives way, and how high each step stands."""

    hows: int = 2
    becauses: int = 2
    strip: bool = True
    reasons: bool = True
    soon: bool = True
    check_again: bool = True
    pictures: bool = True
    alarm: float = 1.0
    tight: bool = False
    first: int = 3
    row_pt: float = 0
    spare_pt: float = 0


@dataclass(frozen=True, kw_only=True)
class FallForm:
    """How large the page for after a fall is set, so that it is one page; its drawings beside the numbers or below."""

    em: float = 1.0
    drawing_mm: float = 27
    below: bool = False
    names: bool = True
    lines: bool = True
    row_pt: float = 0

    @property
    def gutter_mm(self) -> float:
        """What the number and drawing of a step take beside its words."""
        return self.drawing_mm * 1.5 + (3 if self.below else 17)

    @property
    def least_mm(self) -> float:
        """What they take in height."""
        return self.drawing_mm + (12 if self.below else 0)


@dataclass(frozen=True, kw_only=True)
class StepsForm:
    """How fully steps and levels are told: how many hows, becauses and findings each.

    `tight` sets what can wait, and what is to be asked, closer, where a plan is very long. `fresh_at` is what begins
    the last page, where that would be thin: the id of a step, or a part by its name.
    """

    hows: int = 3
    becauses: int = 2
    findings: int = 3
    tight: bool = False
    fresh_at: str = ""
