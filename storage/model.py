"""What is kept and what any storage owes: two values, one tree of errors, the Store protocol; no SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

from storage.health_link_model import StoresHealthLinks
from storage.print_queue import PrintQueue
from storage.time_limits import ANSWERS_STAY, BACKED_UP

KEEP_DAYS = ANSWERS_STAY.days
BACKUP_KEEP_DAYS = BACKED_UP.days
MOST_SHARES = 20
RENEWALS = "renewals"
"""In a draft: how often its link and code were renewed; in a session, by record: after which of these it was let in."""
RENEWED = "renewed"
"""In a session: it goes on under another id, and this one is read for a day more and never written."""

Data = Mapping[str, Any]  # a JSON object as the web made it; it comes back equal, its keys in another order
Right = Literal["see", "tick"]
Change = Callable[[dict[str, Any]], dict[str, Any] | None]
Summarize = Callable[["StoredDraft"], Data]


@dataclass(frozen=True, kw_only=True)
class StoredDraft:
    """A person's draft as JSON (answers/draft.py makes and reads it); `revision` grows by one with each change."""

    record_id: str
    content_hash: str
    revision: int
    data: Data


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What somebody was told on one day; it never changes."""

    submission_id: str
    record_id: str
    content_hash: str
    data: Data


@dataclass(frozen=True, kw_only=True)
class LinkAndCode:
    """The two ways into a record: the token of its link, and its code, both secret."""

    link: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Share:
    """What the owner of a record lets somebody see, or tick too, under a name, up to and with the day `until`.

    `of` is what they call its owner. `last_opened` is the last day on which it was looked at; `link` and `code` are
    secret, and empty before it is kept.
    """

    share_id: str
    record_id: str
    name: str
    right: Right
    made: date
    until: date
    of: str = ""
    last_opened: date | None = None
    link: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where a link or a code leads: to a record as its owner, or to what is shared of it."""

    record_id: str
    share: Share | None = None


class StorageError(Exception):
    """What is kept cannot be read or written right now; nothing was half written."""


class RecordNotFound(StorageError):
    """Nothing is kept under that id, or it has expired."""


class SealBroken(StorageError):
    """A row or the file is damaged or was changed from outside; its content is never shown."""


class SubmitKeyUsed(StorageError):
    """The submit key of this record already stands for other data."""


class RecordFull(StorageError):
    """This record holds as many rows of that kind as it may."""


class StoreBusy(StorageError):
    """Another writer held the lock too long; the same call may be made again."""

    def __init__(self, message: str, *, retry_after_seconds: int = 1) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class StoreGone(StoreBusy):
    """The database cannot be reached; the same call may be made again later."""


class StoreFull(StorageError):
    """No room to write; reading goes on, and so does writing once there is room."""


class StoreReadOnly(StorageError):
    """The file or its folder may not be written; reading goes on."""


class StoreReplaced(StorageError):
    """The file was moved, or another took its place, as a restore does: nothing is read or written before a restart."""


class RemovingWaits(StorageError):
    """Nothing is removed by time yet, as the clock may be wrong: one sentence on why, until when, and the way out."""


class BackupRefused(StorageError):
    """A backup is not made, or not put back, and nothing was touched: one sentence on the fault, and the way out."""


class RekeyRefused(StorageError):
    """No new key was given, and nothing was touched: one sentence on the fault, and the way out."""


class StoreRefused(StorageError):
    """The store does not open: one sentence on the fault, and the way out."""


class Store(StoresHealthLinks, PrintQueue, Protocol):
    """What any storage owes: what a call returned is on disk, and every call may raise StorageError.

    Ids are looked up as given; an unknown, foreign or expired one is the same RecordNotFound.
    A record expires 90 days after it was last written, a session after as many as it was written for.
    """

    def find_session(self, session_id: str) -> Data | None:
        """What this browser may open and has chosen; of `session_id` itself only a hash is kept."""

    def save_session(self, session_id: str, data: Data) -> None:
        """Replaces what the session holds; where two requests may meet, use change_session."""

    def change_session(self, session_id: str, change: Change, *, days: int = KEEP_DAYS) -> Data:
        """As change_draft; `change` gets an empty dict where there is no session yet. It expires after so many days."""

    def renew_session(self, old_id: str, new_id: str, change: Change, *, days: int = KEEP_DAYS) -> Data:
        """The same under a new id, in one transaction. The old one, if there was one, stays as it was until tomorrow,
        marked RENEWED, so that a form sent twice finds what the first one found."""

    def end_session(self, session_id: str) -> None:
        """Removes it at once, also from a backup that is put back later; one that is not there is no fault."""

    def create_record(self, *, content_hash: str, data: Data) -> StoredDraft:
        """A new record under a random id of 128 bits, at revision 1."""

    def get_draft(self, record_id: str) -> StoredDraft:
        """The draft as last changed."""

    def change_draft(
        self, record_id: str, change: Change, *, content_hash: str, summarize: Summarize | None = None
    ) -> StoredDraft:
        """The draft after `change`, read and written in one transaction: two writers lose nothing.

        `change` gets a dict and returns another, or changes it in place and returns None; what it raises leaves the
        draft as it was. It must be quick, not call the store, and may be called again. Equal data and content only move
        the expiry: the revision stays. `summarize` makes of the new draft what the lists of clinics keep of it.
        """

    def submit(self, record_id: str, *, submit_key: str, content_hash: str, data: Data) -> Submission:
        """A new submission; the same key with the same data gives the first one again.

        :raises SubmitKeyUsed: the key came with other data before
        :raises RecordFull: there are 500 already
        """

    def find_latest_submission(self, record_id: str) -> Submission | None:
        """The submission made last, or None before the first."""

    def list_submissions(self, record_id: str) -> tuple[Submission, ...]:
        """Every submission of this record, the first first; without damaged ones, of which the latest is none."""

    def get_submission(self, record_id: str, submission_id: str) -> Submission:
        """One submission of this record."""

    def keep_photo(self, record_id: str, *, submit_key: str, picture: bytes) -> str:
        """The id of a picture; the same key gives the first one again, whatever it comes with.

        :raises RecordFull: there are 100 already, or 24 MB of them
        """

    def get_photo(self, record_id: str, photo_id: str) -> bytes:
        """One picture of this record."""

    def delete_photo(self, record_id: str, photo_id: str) -> None:
        """Removes it; one that is not there is no fault."""

    def add_tick(self, record_id: str, *, submit_key: str, data: Data, reserved: int = 0) -> None:
        """Adds to what was done with the plan; the same key again changes nothing, whatever it comes with.

        `reserved` are so many that are kept free for others.

        :raises RecordFull: there are 2,000 already, without those reserved
        """

    def list_ticks(self, record_id: str) -> tuple[Data, ...]:
        """Everything that was ticked, the first first, without damaged ones; what came last is what stands."""

    def has_damage(self, record_id: str) -> bool:
        """Whether this process has left damaged rows out of a list of this record."""

    def find_link_and_code(self, record_id: str) -> LinkAndCode | None:
        """The link and the code of this record, or None before they were made."""

    def make_link_and_code(self, record_id: str) -> LinkAndCode:
        """A new link and a new code; those before open nothing any more."""

    def close_link_and_code(self, record_id: str) -> None:
        """Takes the link and the code back."""

    def make_share(self, record_id: str, *, submit_key: str, name: str, right: Right, days: int, of: str = "") -> Share:
        """A new share of this record for so many days; the same key gives the first one again while it stands.

        :raises SubmitKeyUsed: the key came with another name, right or last day
        :raises RecordFull: 20 of them stand
        """

    def list_shares(self, record_id: str) -> tuple[Share, ...]:
        """The shares of this record that stand today, the first first; without damaged ones, which open nothing."""

    def take_back_share(self, record_id: str, share_id: str) -> None:
        """From now on nobody sees anything by it; one that is gone already is no fault."""

    def get_share(self, share_id: str) -> Share:
        """A share that stands today. :raises RecordNotFound: it was taken back, is over, or never was"""

    def note_opening(self, share_id: str) -> None:
        """Its plan was looked at today; share and record live on. Writes at most once a day."""

    def open_by_link(self, token: str) -> Way:
        """Where this link leads; the record lives on from today. :raises RecordNotFound: nowhere"""

    def open_by_code(self, code: str) -> Way:
        """The same for a code, as rows.codes reads it: a right one at once, a wrong one in its turn (pace.py)."""

    def erase(self, record_id: str) -> Mapping[str, int]:
        """Removes the record with all that is its own at once, from the journal too.

        How many of each there were. What stays is a mark that names it to nobody, as long as there may be a
        backup of before: put back, it does not bring the record back.

        :raises RecordNotFound: there is none, so nothing is left of it
        """

    def reserve_room(self) -> None:
        """From now on some room is kept back, so that people can still answer and erase when the disk is full."""

    def days_before_jumps(self) -> frozenset[date]:
        """The last day before each jump of the clock; what stood on it may stand for longer than it seems."""

    def find_backup_end(self) -> date | None:
        """The last day of the newest backup, which may hold what is erased today; None where none was ever made."""

    def purge(self, *, sure: bool = False) -> Mapping[str, int]:
        """Removes what has expired, a few rows at a time so that others can write; how many records and sessions.

        `sure`: somebody has looked at the clock. It leaves no mark: a backup brings back what a wrong clock removed.

        :raises RemovingWaits: the clock jumped, or most records would go at once
        """

    def keep_content(self, content_hash: str, text: bytes) -> None:
        """Keeps the definitions' text once; keeping it again costs one read.

        :raises ValueError: another text is kept under this hash
        """

    def get_content(self, content_hash: str) -> bytes:
        """The text kept under this hash."""

    def count(self) -> Mapping[str, int]:
        """How many records and submissions are kept, by the names of their tables."""

    def derive(self, purpose: str) -> bytes:
        """32 secret bytes for one purpose (signing, look-up hashes): from the key, and as long-lived."""

    def close(self) -> None:
        """Closes the idle connections; a later call opens anew."""
