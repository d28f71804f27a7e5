"""What the print queue owes on any engine: files that workers make, each taken with a lease and kept once."""

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

PrintState = Literal["waiting", "running", "done", "needs-help", "cancelled"]
MOST_TRIES = 3
LOOK_SECONDS = 0.5
RECORDS_IN = "records"
"""In `about`: what is in the file of each record, by its id, so that erasing one takes the file away too."""
ERASED = "erased"
"""In `about`: the file was taken away because somebody in it has erased their answers."""

QUEUED = "queued"
"""In what is sealed of a job that waits, and in no `about`: the moment in which it was asked for."""

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PrintJob:
    """One file to be made; `progress` is how many of its plans are.

    `about` is what a list of files says of it. `token` is given to who takes it, another one each time.
    """

    job_id: str
    clinic_id: str | None
    state: PrintState
    tries: int
    progress: int
    expires: date
    about: Json
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class TakenJob:
    """A job that somebody works on now, and what is to be made."""

    job: PrintJob
    order: Json


@dataclass(frozen=True, kw_only=True)
class PrintCounts:
    """How many jobs there are of all clinics and commands, and since when the first that waits was asked for."""

    waiting: int
    running: int
    needs_help: int
    oldest_seconds: float


class PrintCalls(Protocol):
    """What a worker with nothing to do waits for."""

    def wait(self) -> None:
        """Returns when a job may be due: at once where one is queued and its call is heard, else after a while."""


class Looks:
    """Nobody calls: a look into the file costs little."""

    def wait(self) -> None:
        time.sleep(LOOK_SECONDS)


class PrintQueue(Protocol):
    """Part of `storage.model.Store`. A job with its order and its file is gone after storage.time_limits.PRINTED.

    A clinic sees its own jobs alone; those of a command have None. Of a job that is another's, unknown or over there is
    nothing: RecordNotFound.
    """

    def queue_print_jobs(self, clinic_id: str | None, jobs: Sequence[tuple[Json, Json]]) -> tuple[str, ...]:
        """The ids of new jobs, each of what is said about it and its order: all of them, or none."""

    def list_print_jobs(self, clinic_id: str | None) -> tuple[PrintJob, ...]:
        """This clinic's jobs, the first first."""

    def count_print_jobs(self) -> PrintCounts:
        """Of all clinics and commands together."""

    def is_printing_due(self) -> bool:
        """Whether any job waits, or was left by a worker that says nothing any more."""

    def print_calls(self, *, of_command: bool = False) -> AbstractContextManager[PrintCalls]:
        """Hears of jobs, or of those of a command, from now on."""

    def claim_print_job(self, *, of_command: bool = False) -> TakenJob | None:
        """The next job, or the next of a command, for who then beats; one that was left goes before those that wait.

        What was left MOST_TRIES times needs help, and is not taken again before `retry_print_job`.
        """

    def beat_print_job(self, job_id: str, token: str, progress: int) -> bool:
        """Work goes on, and the lease begins anew. False: it is another's now, cancelled or gone; stop."""

    def finish_print_job(self, job_id: str, token: str, *, result: bytes, about: Json) -> bool:
        """Keeps the file and says so in one transaction, and lets go of the order. False: as above; nothing is kept."""

    def release_print_job(self, job_id: str, token: str, *, failed: bool) -> None:
        """Lets go of it before the lease is over. Where it has not `failed`, it was not tried."""

    def retry_print_job(self, clinic_id: str | None, job_id: str) -> None:
        """One that needs help waits again; any other stays as it is."""

    def cancel_print_job(self, clinic_id: str | None, job_id: str) -> None:
        """Takes the order and the file away at once; who works on it is told at the next beat."""

    def get_print_result(self, clinic_id: str | None, job_id: str) -> bytes:
        """The file of a job that is done."""
