"""The drills of a person beside many others, or beside somebody who abuses the app; each with its twin."""

from lab.drill.load import abuse
from lab.drill.load.crowd import crowd_in
from lab.drill.load.photos import IN_THE_SERVER, PhotosSent, send_beside_loops
from lab.drill.load.printing import EIGHT, FIRST_COME, LOOPS, Printed, print_beside_loops
from lab.drill.load.slow_connections import TWINS, stand_beside
from lab.drill.verdict import say

CROWD_SECONDS = 20
MOST_GROWTH_BYTES = 8_000_000
LEAST_SUCCESS = 0.99


def crowd(people: int) -> bool:
    seen = crowd_in(people, CROWD_SECONDS)
    return say(
        seen.refused == 0 < len(seen.stored),
        f"{people} people send forms at once: {len(seen.stored)} kept, {seen.refused} refused, "
        f"99 of 100 within {seen.within(0.99):.0f} ms",
    )


def crowd_twin(people: int) -> bool:
    seen = crowd_in(people, CROWD_SECONDS, turns=False)
    return say(
        seen.refused > 0,
        f"{people} people send forms at once and writers take no turns (has to refuse some): {len(seen.stored)} kept, "
        f"{seen.refused} refused, 99 of 100 within {seen.within(0.99):.0f} ms",
    )


def beside_slow_connections(connections: int) -> bool:
    seen = stand_beside(connections, 200)
    return say(
        seen.were_there and seen.share >= LEAST_SUCCESS,
        f"a person beside {seen.connections} silent and slow connections: {seen.in_time} of {seen.asked} answered "
        f"within twice the slowest of a quiet server; median {seen.alone_ms:.0f} ms alone, {seen.beside_ms:.0f} beside",
    )


def beside_slow_connections_twin(connections: int, twin: str) -> bool:
    seen = stand_beside(connections, 10, TWINS[twin])
    return say(
        seen.share < LEAST_SUCCESS,
        f"the same, but {twin} (has to keep the person waiting): {seen.in_time} of {seen.asked} answered in time",
    )


def codes_beside_a_guesser() -> bool:
    seen = abuse.guess_codes(30)
    return say(seen.was_abused and seen.success >= LEAST_SUCCESS, f"right codes beside a guesser: {_beside(seen)}")


def codes_beside_a_guesser_twin() -> bool:
    seen = abuse.guess_codes(6, abuse.COUNTS_WRONG_CODES)
    return say(seen.success < LEAST_SUCCESS, f"the same where wrong codes of all are counted: {_beside(seen)}")


def beginning_beside_a_hoarder() -> bool:
    seen = abuse.store_all(60)
    return say(
        seen.was_abused and seen.success >= LEAST_SUCCESS and seen.grown_bytes < MOST_GROWTH_BYTES,
        f"people who begin beside somebody who stores all they can: {_beside(seen)}",
    )


def beginning_beside_a_hoarder_twin() -> bool:
    seen = abuse.store_all(10, abuse.COUNTS_ALL_AS_ONE)
    return say(seen.success < LEAST_SUCCESS, f"the same where all are counted as one: {_beside(seen)}")


def hoarding_twin() -> bool:
    seen = abuse.store_all(10, abuse.COUNTS_NOTHING)
    return say(seen.grown_bytes > MOST_GROWTH_BYTES, f"the same where nothing is counted: {_beside(seen)}")


def put_out() -> bool:
    thief, owner = abuse.stay_in(10)
    return say(
        (thief, owner) == (0, 10), f"after 10 renewals: the old link's browser saw {thief} plans, its owner {owner}"
    )


def put_out_twin() -> bool:
    thief, _owner = abuse.stay_in(3, abuse.RENEWS_FOR_NOBODY)
    return say(thief > 0, f"the same where renewing puts nobody out (has to see some): {thief}")


def _beside(seen: abuse.BesideAbuse) -> str:
    return (
        f"{seen.succeeded} of {seen.rounds} soon and right, {seen.times_as_long:.1f} times as long as when idle; "
        f"{seen.abused} abuses, the store grew by {seen.grown_bytes / 1e6:.1f} MB"
    )


def printing(papers: int) -> bool:
    seen = print_beside_loops(max(1, papers // EIGHT))
    return say(seen.got >= LEAST_SUCCESS * seen.asked and seen.at_once == EIGHT, _papers(seen))


def printing_twin() -> bool:
    seen = print_beside_loops(1, FIRST_COME)
    return say(seen.got < seen.asked, f"first come, first served (has to refuse some): {_papers(seen)}")


def _papers(seen: Printed) -> str:
    return (
        f"{seen.got} of {seen.asked} plans printed beside {2 * LOOPS} loops in {seen.beside:.2f} s, "
        f"idle {seen.idle:.2f} s; {seen.at_once} of {EIGHT} who printed at the same time"
    )


def photos(photos: int) -> bool:
    seen = send_beside_loops(photos)
    return say(seen.stored == seen.sent, _sent(seen))


def photos_twin() -> bool:
    seen = send_beside_loops(1, IN_THE_SERVER)
    return say(seen.stored < seen.sent, f"unpacked in the server without limits (has to keep none): {_sent(seen)}")


def _sent(seen: PhotosSent) -> str:
    return (
        f"{seen.stored} of {seen.sent} photos kept beside pictures made to run away, in {seen.beside:.2f} s, "
        f"idle {seen.idle:.2f} s; a page in {1000 * seen.page_beside:.0f} ms, idle {1000 * seen.page_idle:.0f} ms"
    )
