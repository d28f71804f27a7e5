"""What any storage owes for files that a clinic's computer fetches; no SQL."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

MOST_HEALTH_LINKS = 3


@dataclass(frozen=True, kw_only=True)
class HealthLink:
    """A file for a clinic's computer: when its link was made and when it ends, in seconds since 1970, and of which day
    the plan in it is. Neither what opens it nor its address is kept; `link_id` is the hash of that."""

    link_id: str
    record_id: str
    made: int
    ends: int
    plan_of: date


class StoresHealthLinks(Protocol):
    """A part of `Store`, in the same terms."""

    def make_health_link(
        self, record_id: str, *, token: str, file: bytes, plan_of: date, made: int, ends: int
    ) -> HealthLink:
        """Keeps a file that came sealed, with a key that is not known here; the same token gives the first one again.

        :raises SubmitKeyUsed: the link of this token was taken back
        :raises RecordFull: three of them stand
        """

    def list_health_links(self, record_id: str, now: int) -> tuple[HealthLink, ...]:
        """Those that stand now, the first first; without damaged ones, which open nothing."""

    def take_back_health_link(self, record_id: str, link_id: str) -> None:
        """From now on nobody is given its file; one that is gone already is no fault."""

    def get_health_file(self, token: str, now: int) -> bytes:
        """The file of this link as it came. :raises RecordNotFound: it was taken back, is over, or never was"""
