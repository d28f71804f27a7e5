"""The part of `./run drill` about PostgreSQL: each drill and its twin, one after the other."""

import logging
from collections.abc import Iterator

from lab.drill.postgres import waiting
from lab.drill.postgres.full_disk import Part, fill_disk
from lab.drill.postgres.killed import end_backends, kill_server, kill_server_of_people
from lab.drill.postgres.pages import Seen
from lab.drill.postgres.replica import promote, promote_beside_people
from lab.drill.verdict import say

WRITES_A_KILL = 400
"""So that 50 kills fall into 20,000 writes."""
LONGEST_KILLED_SECONDS = 8.0


def drill(kills: int, seconds: int) -> Iterator[bool]:
    """Whether each went as it has to: `kills` of PostgreSQL under load, and so long a lock."""
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # each connection that is lost, as is meant here
    yield from _killed(kills)
    yield from _waiting(seconds)
    yield from _full_disks()
    yield from _replicas(max(2, kills // 10))


def _killed(kills: int) -> Iterator[bool]:
    found = kill_server(kills, WRITES_A_KILL)
    yield say(found.holds, f"PostgreSQL killed {kills} times: {found}")
    found = kill_server(2, WRITES_A_KILL, forgetful=True)
    yield say(found.cost.lost > 0, f"the same with synchronous_commit=off (has to lose some): {found}")
    yield _say_seen(kill_server_of_people(kills // 5, 2), LONGEST_KILLED_SECONDS, f"killed {kills // 5} times")
    found = end_backends(2 * kills, 10)
    yield say(found.holds, f"{2 * kills} connections ended in mid-transaction: {found}")
    found = end_backends(kills // 5, 10, hasty=True)
    yield say(found.cost.lost > 0, f"the same, acknowledged before it is written (has to lose some): {found}")


def _waiting(seconds: int) -> Iterator[bool]:
    longest, silent, twin = waiting.LONGEST_SECONDS, waiting.LONGEST_SILENT_SECONDS, waiting.WITHOUT_TIME_OUTS
    yield _say_seen(waiting.lock(seconds), longest, f"a table locked for {seconds} s")
    found = waiting.lock(longest + 4, program=twin)
    yield say(found.slowest > longest, f"the same without time-outs (has to keep people waiting): {found}")
    yield _say_seen(waiting.use_up_connections(seconds / 2), longest, f"no connection left for {seconds / 2:.0f} s")
    found = waiting.use_up_connections(longest + 4, program=twin)
    yield say(found.slowest > longest, f"the same without time-outs (has to keep people waiting): {found}")
    yield _say_seen(waiting.hang(seconds), silent, f"PostgreSQL silent for {seconds} s")
    found = waiting.hang(silent + 5, program=twin)
    yield say(found.slowest > silent, f"the same without time-outs (has to keep people waiting): {found}")


def _full_disks() -> Iterator[bool]:
    parts: tuple[Part, ...] = ("tables", "journal")
    try:
        for part in parts:
            found = fill_disk(WRITES_A_KILL, part)
            yield say(found.holds and found.refused > 0, f"the disk of the {part} full: {found}")
        found = fill_disk(WRITES_A_KILL, "tables", hasty=True)
        yield say(found.cost.lost > 0, f"the same, acknowledged before it is written (has to lose some): {found}")
    except PermissionError as error:
        yield say(False, f"a full disk of PostgreSQL: not drilled, as {error}")


def _replicas(times: int) -> Iterator[bool]:
    found = promote(times, WRITES_A_KILL)
    yield say(found.holds, f"{times} synchronous replicas promoted after their primary was killed for good: {found}")
    found = promote(1, WRITES_A_KILL, synchronous=False)
    yield say(found.cost.lost > 0, f"the same with an asynchronous replica (has to lose some): {found}")
    yield _say_seen(promote_beside_people(2, 5), LONGEST_KILLED_SECONDS, "2 replicas promoted")


def _say_seen(seen: Seen, longest_seconds: float, what: str) -> bool:
    return say(seen.holds(longest_seconds), f"people beside PostgreSQL, {what}: {seen}")
