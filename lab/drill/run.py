"""`./run drill`: every fault drill, its figures, and exit status 1 if one failed. Takes some minutes."""

import signal
import sys
from argparse import ArgumentParser
from time import monotonic

from lab.drill import abuse
from lab.drill.crowd import crowd_in
from lab.drill.guessing import guess, guess_with_short_hashes, press, press_without_pace
from lab.drill.kill import WRITERS, Kills, kill_early_acknowledgers, kill_first_runs, kill_writers
from lab.drill.locked import hold_lock
from lab.drill.photos import IN_THE_SERVER, Sent, send_beside_loops
from lab.drill.power_cut import cut_power
from lab.drill.printing import EIGHT, FIRST_COME, LOOPS, Printed, print_beside_loops
from lab.drill.server import kill_servers
from lab.drill.slow_connections import TWINS, stand_beside
from lab.drill.tampering import TAMPERINGS, tamper
from storage.store.pace import GAP_SECONDS

CROWD_SECONDS = 20
MOST_GROWTH_BYTES = 8_000_000
LEAST_SUCCESS = 0.99
MOST_CODES_A_SECOND = 1.05 / GAP_SECONDS
WRITES_A_KILL = 170  # at least, so that 300 kills fall into 50,000 writes however slow the disk


def main() -> int:
    """0 when nothing acknowledged was lost, no guess opened anything, and every twin, which has to fail, did."""
    parser = ArgumentParser(prog="./run drill", description="Cuts the power, kills writers and servers, guesses codes.")
    parser.add_argument("--cuts", type=int, default=1000, help="power cuts (1000)")
    parser.add_argument("--kills", type=int, default=300, help="kills of writers, and of first runs (300)")
    parser.add_argument("--server-kills", type=int, default=20, help="kills of the whole server under load (20)")
    parser.add_argument("--locked", type=int, default=30, help="seconds for which another program holds the lock (30)")
    parser.add_argument("--crowd", type=int, default=100, help="people who send forms at once for 20 seconds (100)")
    parser.add_argument("--guesses", type=int, default=1_000_000, help="random links, and random codes (1000000)")
    parser.add_argument("--slow", type=int, default=300, help="silent and slow connections beside a person (300)")
    parser.add_argument("--papers", type=int, default=200, help="papers printed beside loops (200)")
    parser.add_argument("--photos", type=int, default=40, help="photos sent beside loops (40)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was made is removed, as by Ctrl+C
    started = monotonic()
    verdicts = [
        _power_cuts(options.cuts),
        _power_cut_twin(options.cuts),
        _killed_writers(options.kills),
        _killed_writers_twin(max(WRITERS, options.kills // 10)),
        _killed_first_runs(options.kills),
        _killed_servers(options.server_kills),
        _killed_servers_twin(max(1, options.server_kills // 4)),
        _locked(options.locked),
        _crowd(options.crowd),
        _crowd_twin(options.crowd),
        _tampering(),
        _tampering_twin(),
        _beside_slow_connections(options.slow),
        *(_beside_slow_connections_twin(options.slow, each) for each in TWINS),
        _guesses(options.guesses),
        _guesses_twin(options.guesses // 100),
        _pace(),
        _pace_twin(),
        _codes_beside_a_guesser(),
        _codes_beside_a_guesser_twin(),
        _beginning_beside_a_hoarder(),
        _beginning_beside_a_hoarder_twin(),
        _hoarding_twin(),
        _put_out(),
        _put_out_twin(),
        _printing(options.papers),
        _printing_twin(),
        _photos(options.photos),
        _photos_twin(),
    ]
    print(f"{sum(verdicts)} of {len(verdicts)} drills passed in {monotonic() - started:.0f} s")
    return 0 if all(verdicts) else 1


def _power_cuts(cuts: int) -> bool:
    cost = cut_power(cuts)
    return _say(
        cost.lost == cost.broken == 0 < cost.acknowledged,
        f"{cost.cuts} power cuts, synchronous=FULL: {cost.acknowledged} answers acknowledged, "
        f"{cost.lost} lost, {cost.broken} stores damaged",
    )


def _power_cut_twin(cuts: int) -> bool:
    cost = cut_power(cuts, "NORMAL")
    return _say(
        cost.lost > 0,
        f"{cost.cuts} power cuts, synchronous=NORMAL (has to lose some): {cost.acknowledged} answers "
        f"acknowledged, {cost.lost} lost, {cost.broken} stores damaged",
    )


def _killed_writers(kills: int) -> bool:
    return _say_whole(kill_writers(kills, at_least=WRITES_A_KILL * kills), "writers of everything")


def _killed_writers_twin(kills: int) -> bool:
    return _say_lossy(kill_early_acknowledgers(kills), "writers")


def _killed_servers(kills: int) -> bool:
    return _say_whole(kill_servers(kills), "servers")


def _killed_servers_twin(kills: int) -> bool:
    return _say_lossy(kill_servers(kills, early=True), "servers")


def _locked(seconds: int) -> bool:
    told = hold_lock(seconds)
    return _say(
        told.holds,
        f"the database locked for {seconds} s: {len(told.refusals)} forms refused with 503, the slowest "
        f"after {max(told.refusals):.2f} s; {len(told.pages)} pages read, the slowest after {max(told.pages):.2f} s; "
        f"{told.unexpected} other answers; {told.kept_after} of {told.sent_after} forms kept afterwards",
    )


def _crowd(people: int) -> bool:
    told = crowd_in(people, CROWD_SECONDS)
    return _say(
        told.refused == 0 < len(told.kept),
        f"{people} people send forms at once: {len(told.kept)} kept, {told.refused} refused, "
        f"99 of 100 within {told.within(0.99):.0f} ms",
    )


def _crowd_twin(people: int) -> bool:
    told = crowd_in(people, CROWD_SECONDS, turns=False)
    return _say(
        told.refused > 0,
        f"{people} people send forms at once and writers take no turns (has to refuse some): {len(told.kept)} kept, "
        f"{told.refused} refused, 99 of 100 within {told.within(0.99):.0f} ms",
    )


def _tampering() -> bool:
    told = tamper()
    late = [what for what, (when, _) in TAMPERINGS.items() if told[what].noticed != when or not told[what].others_read]
    return _say(not late, f"{len(told)} ways to put rows back or cut them out: not noticed in time: {late or 'none'}")


def _tampering_twin() -> bool:
    told = tamper(looking=False)
    unnoticed = sum(each.noticed == "never" for each in told.values())
    return _say(
        unnoticed == len(told),
        f"{len(told)} ways to put rows back or cut them out of a store that does not look (has to notice none): "
        f"{unnoticed} unnoticed",
    )


def _beside_slow_connections(connections: int) -> bool:
    told = stand_beside(connections, 200)
    return _say(
        told.share >= 0.99,
        f"a person beside {told.connections} silent and slow connections: {told.in_time} of {told.asked} answered "
        f"within twice the slowest of a quiet server; median {told.alone_ms:.0f} ms alone, {told.beside_ms:.0f} beside",
    )


def _beside_slow_connections_twin(connections: int, twin: str) -> bool:
    told = stand_beside(connections, 10, TWINS[twin])
    return _say(
        told.share < 0.99,
        f"the same, but {twin} (has to keep the person waiting): {told.in_time} of {told.asked} answered in time",
    )


def _guesses(tries: int) -> bool:
    told = guess(tries)
    return _say(
        told.opened == told.shut == 0,
        f"{told.links} links and {told.codes} codes guessed: {told.opened} opened something, "
        f"{told.shut} right ones did not open",
    )


def _guesses_twin(tries: int) -> bool:
    told = guess_with_short_hashes(tries)
    return _say(
        told.opened > 0,
        f"{told.links} links and {told.codes} codes guessed, looked up by 2 bytes (has to open some): "
        f"{told.opened} opened something",
    )


def _pace() -> bool:
    told = press(10)
    return _say(
        told.wrong_a_second <= MOST_CODES_A_SECOND and told.opened == told.right > 0,
        f"wrong codes from 8 at once: {told.wrong_a_second:.0f} a second answered; {told.opened} of {told.right} right "
        f"ones between them opened, the slowest after {told.slowest_seconds * 1000:.0f} ms",
    )


def _pace_twin() -> bool:
    told = press_without_pace(2)
    return _say(
        told.wrong_a_second > MOST_CODES_A_SECOND,
        f"the same without the pace (has to answer more): {told.wrong_a_second:.0f} a second",
    )


def _codes_beside_a_guesser() -> bool:
    told = abuse.guess_codes(30)
    return _say(told.was_abused and told.success >= LEAST_SUCCESS, f"right codes beside a guesser: {_beside(told)}")


def _codes_beside_a_guesser_twin() -> bool:
    told = abuse.guess_codes(6, abuse.COUNTS_WRONG_CODES)
    return _say(told.success < LEAST_SUCCESS, f"the same where wrong codes of all are counted: {_beside(told)}")


def _beginning_beside_a_hoarder() -> bool:
    told = abuse.store_all(60)
    return _say(
        told.was_abused and told.success >= LEAST_SUCCESS and told.grown_bytes < MOST_GROWTH_BYTES,
        f"people who begin beside somebody who stores all they can: {_beside(told)}",
    )


def _beginning_beside_a_hoarder_twin() -> bool:
    told = abuse.store_all(10, abuse.COUNTS_ALL_AS_ONE)
    return _say(told.success < LEAST_SUCCESS, f"the same where all are counted as one: {_beside(told)}")


def _hoarding_twin() -> bool:
    told = abuse.store_all(10, abuse.COUNTS_NOTHING)
    return _say(told.grown_bytes > MOST_GROWTH_BYTES, f"the same where nothing is counted: {_beside(told)}")


def _put_out() -> bool:
    thief, owner = abuse.stay_in(10)
    return _say(
        (thief, owner) == (0, 10), f"after 10 renewals: the old link's browser saw {thief} plans, its owner {owner}"
    )


def _put_out_twin() -> bool:
    thief, _owner = abuse.stay_in(3, abuse.RENEWS_FOR_NOBODY)
    return _say(thief > 0, f"the same where renewing puts nobody out (has to see some): {thief}")


def _beside(told: abuse.Beside) -> str:
    return (
        f"{told.succeeded} of {told.rounds} soon and right, {told.times_as_long:.1f} times as long as when idle; "
        f"{told.abused} abuses, the store grew by {told.grown_bytes / 1e6:.1f} MB"
    )


def _printing(papers: int) -> bool:
    told = print_beside_loops(max(1, papers // EIGHT))
    return _say(told.got >= 0.99 * told.asked and told.at_once == EIGHT, _papers(told))


def _printing_twin() -> bool:
    told = print_beside_loops(1, FIRST_COME)
    return _say(told.got < told.asked, f"first come, first served (has to refuse some): {_papers(told)}")


def _papers(told: Printed) -> str:
    return (
        f"{told.got} of {told.asked} plans printed beside {2 * LOOPS} loops in {told.beside:.2f} s, "
        f"idle {told.idle:.2f} s; {told.at_once} of {EIGHT} who printed at the same time"
    )


def _photos(photos: int) -> bool:
    told = send_beside_loops(photos)
    return _say(told.kept == told.sent, _sent(told))


def _photos_twin() -> bool:
    told = send_beside_loops(1, IN_THE_SERVER)
    return _say(told.kept < told.sent, f"unpacked in the server without limits (has to keep none): {_sent(told)}")


def _sent(told: Sent) -> str:
    return (
        f"{told.kept} of {told.sent} photos kept beside pictures made to run away, in {told.beside:.2f} s, "
        f"idle {told.idle:.2f} s; a page in {1000 * told.page_beside:.0f} ms, idle {1000 * told.page_idle:.0f} ms"
    )


def _killed_first_runs(kills: int) -> bool:
    stuck = kill_first_runs(kills)
    return _say(stuck == 0, f"{kills} first runs killed: {stuck} did not open afterwards")


def _say_whole(found: Kills, what: str) -> bool:
    cost = found.cost
    return _say(
        cost.lost == cost.doubled == cost.halved == 0 < cost.acknowledged,
        f"{found.kills} {what} killed: {cost.acknowledged} writes acknowledged, {cost.lost} lost, "
        f"{cost.doubled} doubled, {cost.halved} in halves",
    )


def _say_lossy(found: Kills, what: str) -> bool:
    return _say(
        found.cost.lost > 0,
        f"{found.kills} {what} killed that acknowledge before they commit (has to lose some): "
        f"{found.cost.acknowledged} writes acknowledged, {found.cost.lost} lost",
    )


def _say(passed: bool, figures: str) -> bool:
    print(f"{'ok    ' if passed else 'FAILED'} {figures}", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
