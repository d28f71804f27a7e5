"""What is counted of whoever uses something up, for all servers that share a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Use:
    """So much of `kind`, used by `who`, who may have used `most`; `an_hour` of it runs off each hour, steadily.

    `amount` may be less than 0: something is given back, which is never refused.
    """

    kind: str
    who: str
    amount: float
    most: float
    an_hour: float


class Counts(Protocol):
    """A count is a few numbers under a keyed hash of whom it is about, and gone two hours after it was last used.

    What was counted may be lost with the power of the machine, as nobody waits for a disk because of it.
    """

    def use_up(self, uses: Sequence[Use]) -> int:
        """Counts all of these and gives 0; or counts none, and gives the seconds after which it would."""

    def total_used(self, kind: str) -> float:
        """What all together have used of it within the last hour, each clock hour taken to be used evenly."""

    def connections(self) -> Mapping[str, int]:
        """How those of this process are used: `size`, `in use`, `waiting`; nothing where there is no pool."""

    def forget_counts(self) -> int:
        """Removes some of those that say nothing any more; how many."""
