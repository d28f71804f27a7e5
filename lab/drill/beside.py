"""The drills of a person beside many others, or beside somebody who abuses the app; each with its twin."""

from lab.drill import abuse
from lab.drill.crowd import crowd_in
from lab.drill.photos import IN_THE_SERVER, Sent, send_beside_loops
from lab.drill.printing import EIGHT, FIRST_COME, LOOPS, Printed, print_beside_loops
from lab.drill.slow_connections import TWINS, stand_beside
from lab.drill.verdict import say

CROWD_SECONDS = 20
MOST_GROWTH_BYTES = 8_000_000
LEAST_SUCCESS = 0.99


def crowd(people: int) -> bool:
    told = crowd_in(people, CROWD_SECONDS)
    return say(
        told.refused == 0 < len(told.kept),
        f"{people} people send forms at once: {len(told.kept)} kept, {told.refused} refused, "
        f"99 of 100 within {told.within(0.99):.0f} ms",
    )


def crowd_twin(people: int) -> bool:
    told = crowd_in(people, CROWD_SECONDS, turns=False)
    return say(
        told.refused > 0,
        f"{people} people send forms at once and writers take no turns (has to refuse some): {len(told.kept)} kept, "
        f"{told.refused} refused, 99 of 100 within {told.within(0.99):.0f} ms",
    )


def beside_slow_connections(connections: int) -> bool:
    told = stand_beside(connections, 200)
    return say(
        told.share >= LEAST_SUCCESS,
        f"a person beside {told.connections} silent and slow connections: {told.in_time} of {told.asked} answered "
        f"within twice the slowest of a quiet server; median {told.alone_ms:.0f} ms alone, {told.beside_ms:.0f} beside",
    )


def beside_slow_connections_twin(connections: int, twin: str) -> bool:
    told = stand_beside(connections, 10, TWINS[twin])
    return say(
        told.share < LEAST_SUCCESS,
        f"the same, but {twin} (has to keep the person waiting): {told.in_time} of {told.asked} answered in time",
    )


def codes_beside_a_guesser() -> bool:
    told = abuse.guess_codes(30)
    return say(told.was_abused and told.success >= LEAST_SUCCESS, f"right codes beside a guesser: {_beside(told)}")


def codes_beside_a_guesser_twin() -> bool:
    told = abuse.guess_codes(6, abuse.COUNTS_WRONG_CODES)
    return say(told.success < LEAST_SUCCESS, f"the same where wrong codes of all are counted: {_beside(told)}")


def beginning_beside_a_hoarder() -> bool:
    told = abuse.store_all(60)
    return say(
        told.was_abused and told.success >= LEAST_SUCCESS and told.grown_bytes < MOST_GROWTH_BYTES,
        f"people who begin beside somebody who stores all they can: {_beside(told)}",
    )


def beginning_beside_a_hoarder_twin() -> bool:
    told = abuse.store_all(10, abuse.COUNTS_ALL_AS_ONE)
    return say(told.success < LEAST_SUCCESS, f"the same where all are counted as one: {_beside(told)}")


def hoarding_twin() -> bool:
    told = abuse.store_all(10, abuse.COUNTS_NOTHING)
    return say(told.grown_bytes > MOST_GROWTH_BYTES, f"the same where nothing is counted: {_beside(told)}")


def put_out() -> bool:
    thief, owner = abuse.stay_in(10)
    return say(
        (thief, owner) == (0, 10), f"after 10 renewals: the old link's browser saw {thief} plans, its owner {owner}"
    )


def put_out_twin() -> bool:
    thief, _owner = abuse.stay_in(3, abuse.RENEWS_FOR_NOBODY)
    return say(thief > 0, f"the same where renewing puts nobody out (has to see some): {thief}")


def _beside(told: abuse.Beside) -> str:
    return (
        f"{told.succeeded} of {told.rounds} soon and right, {told.times_as_long:.1f} times as long as when idle; "
        f"{told.abused} abuses, the store grew by {told.grown_bytes / 1e6:.1f} MB"
    )


def printing(papers: int) -> bool:
    told = print_beside_loops(max(1, papers // EIGHT))
    return say(told.got >= LEAST_SUCCESS * told.asked and told.at_once == EIGHT, _papers(told))


def printing_twin() -> bool:
    told = print_beside_loops(1, FIRST_COME)
    return say(told.got < told.asked, f"first come, first served (has to refuse some): {_papers(told)}")


def _papers(told: Printed) -> str:
    return (
        f"{told.got} of {told.asked} plans printed beside {2 * LOOPS} loops in {told.beside:.2f} s, "
        f"idle {told.idle:.2f} s; {told.at_once} of {EIGHT} who printed at the same time"
    )


def photos(photos: int) -> bool:
    told = send_beside_loops(photos)
    return say(told.kept == told.sent, _sent(told))


def photos_twin() -> bool:
    told = send_beside_loops(1, IN_THE_SERVER)
    return say(told.kept < told.sent, f"unpacked in the server without limits (has to keep none): {_sent(told)}")


def _sent(told: Sent) -> str:
    return (
        f"{told.kept} of {told.sent} photos kept beside pictures made to run away, in {told.beside:.2f} s, "
        f"idle {told.idle:.2f} s; a page in {1000 * told.page_beside:.0f} ms, idle {1000 * told.page_idle:.0f} ms"
    )
