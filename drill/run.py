"""`./run drill`: every fault drill, its figures, and exit status 1 if one failed. Takes some minutes."""

import signal
import sys
from argparse import ArgumentParser
from time import monotonic

from drill.crowd import EIGHT, FIRST_COME, LOOPS, Printed, print_beside_loops
from drill.guessing import guess, guess_with_short_hashes, try_within_an_hour
from drill.kill import WRITERS, Kills, kill_early_acknowledgers, kill_first_runs, kill_writers
from drill.locked import hold_lock
from drill.photos import IN_THE_SERVER, Sent, send_beside_loops
from drill.power_cut import cut_power
from drill.server import kill_servers
from storage.doors import WRONG_CODES_AN_HOUR, WRONG_CODES_BY_ONE

WRITES_A_KILL = 170  # at least, so that 300 kills fall into 50,000 writes however slow the disk


def main() -> int:
    """0 when nothing acknowledged was lost, no guess opened anything, and every twin, which has to fail, did."""
    parser = ArgumentParser(prog="./run drill", description="Cuts the power, kills writers and servers, guesses codes.")
    parser.add_argument("--cuts", type=int, default=1000, help="power cuts (1000)")
    parser.add_argument("--kills", type=int, default=300, help="kills of writers, and of first runs (300)")
    parser.add_argument("--server-kills", type=int, default=20, help="kills of the whole server under load (20)")
    parser.add_argument("--locked", type=int, default=30, help="seconds for which another program holds the lock (30)")
    parser.add_argument("--guesses", type=int, default=1_000_000, help="random links, and random codes (1000000)")
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
        _guesses(options.guesses),
        _guesses_twin(options.guesses // 100),
        _limit(),
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


def _limit() -> bool:
    told = try_within_an_hour()
    return _say(
        (told.by_one, told.by_all, told.links_slowed) == (WRONG_CODES_BY_ONE, WRONG_CODES_AN_HOUR, 0),
        f"wrong codes within an hour: {told.by_one} of one asker and {told.by_all} of all were looked up, "
        f"{told.links_slowed} links slowed",
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
