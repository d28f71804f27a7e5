"""`./run drill`: every fault drill, its figures, and exit status 1 if one failed. Takes some minutes."""

import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from time import monotonic

from lab.drill.kill import WRITERS, Kills, kill_early_acknowledgers, kill_first_runs, kill_writers
from lab.drill.load import beside
from lab.drill.load.guessing import guess, guess_with_short_hashes, press, press_without_pace
from lab.drill.load.slow_connections import TWINS
from lab.drill.locked import hold_lock
from lab.drill.postgres.run import drill as drill_postgres
from lab.drill.power_cut import cut_power
from lab.drill.print_machines import kill_a_print_machine
from lab.drill.print_queue import PrintKills, finish_in_two_steps, kill_print_workers
from lab.drill.server import kill_servers
from lab.drill.several.drill import drill as drill_servers
from lab.drill.tampering import TAMPERINGS, tamper
from lab.drill.verdict import say
from storage.store.pace import GAP_SECONDS

MOST_CODES_A_SECOND = 1.05 / GAP_SECONDS
JOBS_A_KILL = 10
WRITES_A_KILL = 170  # at least, so that 300 kills fall into 50,000 writes however slow the disk


def main() -> int:
    """0 when nothing acknowledged was lost, no guess opened anything, and every twin, which has to fail, did."""
    parser = ArgumentParser(prog="./run drill", description="Cuts the power, kills writers and servers, guesses codes.")
    parser.add_argument(
        "part", nargs="?", choices=["postgres", "servers"], help="only what concerns these (everything)"
    )
    parser.add_argument("--cuts", type=int, default=1000, help="power cuts (1000)")
    parser.add_argument("--kills", type=int, default=300, help="kills of writers, and of first runs (300)")
    parser.add_argument("--print-jobs", type=int, default=2000, help="jobs of print workers that are killed (2000)")
    parser.add_argument("--server-kills", type=int, default=20, help="kills of the whole server under load (20)")
    parser.add_argument("--database-kills", type=int, default=50, help="kills of PostgreSQL under load (50)")
    parser.add_argument("--locked", type=int, default=30, help="seconds for which another program holds the lock (30)")
    parser.add_argument("--crowd", type=int, default=100, help="people who send forms at once for 20 seconds (100)")
    parser.add_argument("--guesses", type=int, default=1_000_000, help="random links, and random codes (1000000)")
    parser.add_argument("--slow", type=int, default=300, help="silent and slow connections beside a person (300)")
    parser.add_argument("--papers", type=int, default=200, help="papers printed beside loops (200)")
    parser.add_argument("--photos", type=int, default=40, help="photos sent beside loops (40)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was made is removed, as by Ctrl+C
    started = monotonic()
    parts: dict[str, Callable[[], Iterable[bool]]] = {
        "the rest": lambda: _drill_the_rest(options),
        "postgres": lambda: drill_postgres(options.database_kills, options.locked),
        "servers": drill_servers,
    }
    chosen = [options.part] if options.part else list(parts)
    verdicts = [each for part in chosen for each in parts[part]()]
    print(f"{sum(verdicts)} of {len(verdicts)} drills passed in {monotonic() - started:.0f} s")
    return 0 if all(verdicts) else 1


def _drill_the_rest(options: Namespace) -> list[bool]:
    return [
        _power_cuts(options.cuts),
        _power_cut_twin(options.cuts),
        _killed_writers(options.kills),
        _killed_writers_twin(max(WRITERS, options.kills // 10)),
        _killed_first_runs(options.kills),
        _killed_print_workers(options.print_jobs),
        _killed_print_workers_twin(options.print_jobs // 4),
        _killed_print_machine(options.print_jobs // 10),
        _killed_print_machine_twin(options.print_jobs // 10),
        _killed_servers(options.server_kills),
        _killed_servers_twin(max(1, options.server_kills // 4)),
        _locked(options.locked),
        beside.crowd(options.crowd),
        beside.crowd_twin(options.crowd),
        _tampering(),
        _tampering_twin(),
        beside.beside_slow_connections(options.slow),
        *(beside.beside_slow_connections_twin(options.slow, each) for each in TWINS),
        _guesses(options.guesses),
        _guesses_twin(options.guesses // 100),
        _pace(),
        _pace_twin(),
        beside.codes_beside_a_guesser(),
        beside.codes_beside_a_guesser_twin(),
        beside.beginning_beside_a_hoarder(),
        beside.beginning_beside_a_hoarder_twin(),
        beside.hoarding_twin(),
        beside.put_out(),
        beside.put_out_twin(),
        beside.printing(options.papers),
        beside.printing_twin(),
        beside.photos(options.photos),
        beside.photos_twin(),
    ]


def _power_cuts(cuts: int) -> bool:
    cost = cut_power(cuts)
    return say(
        cost.lost == cost.broken == 0 < cost.acknowledged,
        f"{cost.cuts} power cuts, synchronous=FULL: {cost.acknowledged} answers acknowledged, "
        f"{cost.lost} lost, {cost.broken} stores damaged",
    )


def _power_cut_twin(cuts: int) -> bool:
    cost = cut_power(cuts, "NORMAL")
    return say(
        cost.lost > 0,
        f"{cost.cuts} power cuts, synchronous=NORMAL (has to lose some): {cost.acknowledged} answers "
        f"acknowledged, {cost.lost} lost, {cost.broken} stores damaged",
    )


def _killed_writers(kills: int) -> bool:
    return _say_whole(kill_writers(kills, at_least=WRITES_A_KILL * kills), "writers of everything")


def _killed_writers_twin(kills: int) -> bool:
    return _say_lossy(kill_early_acknowledgers(kills), "writers")


def _killed_print_workers(jobs: int) -> bool:
    seen = kill_print_workers(jobs, jobs // JOBS_A_KILL)
    return say(seen.lost == seen.doubled == 0, _print_jobs(seen))


def _killed_print_workers_twin(jobs: int) -> bool:
    seen = kill_print_workers(jobs, jobs // JOBS_A_KILL, finish=finish_in_two_steps)
    return say(
        seen.doubled > 0, f"the same, finished outside the transaction (has to double some): {_print_jobs(seen)}"
    )


def _killed_print_machine(jobs: int) -> bool:
    seen = [kill_a_print_machine(jobs, moment) for moment in ("taken", "made")]
    what = "; ".join(_print_jobs(each) for each in seen)
    return say(not any(each.lost or each.doubled for each in seen), f"one of two machines for good: {what}")


def _killed_print_machine_twin(jobs: int) -> bool:
    seen = kill_a_print_machine(jobs, "made", in_two_steps=True)
    return say(
        seen.doubled > 0, f"the same, finished outside the transaction (has to double some): {_print_jobs(seen)}"
    )


def _print_jobs(seen: PrintKills) -> str:
    return (
        f"{seen.kills} print workers killed over {seen.jobs} jobs: {seen.lost} lost, {seen.doubled} delivered twice, "
        f"{seen.made_again} begun again"
    )


def _killed_servers(kills: int) -> bool:
    return _say_whole(kill_servers(kills), "servers")


def _killed_servers_twin(kills: int) -> bool:
    return _say_lossy(kill_servers(kills, early=True), "servers")


def _locked(seconds: int) -> bool:
    seen = hold_lock(seconds)
    return say(
        seen.holds,
        f"the database locked for {seconds} s: {len(seen.refusals)} forms refused with 503, the slowest "
        f"after {max(seen.refusals):.2f} s; {len(seen.pages)} pages read, the slowest after {max(seen.pages):.2f} s; "
        f"{seen.unexpected} other answers; {seen.acknowledged_after} of {seen.sent_after} forms kept afterwards",
    )


def _tampering() -> bool:
    seen = tamper()
    late = [what for what, (when, _) in TAMPERINGS.items() if seen[what].noticed != when or not seen[what].others_read]
    return say(not late, f"{len(seen)} ways to put rows back or cut them out: not noticed in time: {late or 'none'}")


def _tampering_twin() -> bool:
    seen = tamper(looking=False)
    unnoticed = sum(each.noticed == "never" for each in seen.values())
    return say(
        unnoticed == len(seen),
        f"{len(seen)} ways to put rows back or cut them out of a store that does not look (has to notice none): "
        f"{unnoticed} unnoticed",
    )


def _guesses(tries: int) -> bool:
    seen = guess(tries)
    return say(
        seen.reached == seen.shut == 0,
        f"{seen.links} links and {seen.codes} codes guessed: {seen.reached} opened something, "
        f"{seen.shut} right ones did not open",
    )


def _guesses_twin(tries: int) -> bool:
    seen = guess_with_short_hashes(tries)
    return say(
        seen.reached > 0,
        f"{seen.links} links and {seen.codes} codes guessed, looked up by 2 bytes (has to open some): "
        f"{seen.reached} opened something",
    )


def _pace() -> bool:
    seen = press(10)
    return say(
        seen.wrong_a_second <= MOST_CODES_A_SECOND and seen.reached == seen.right > 0,
        f"wrong codes, 8 at once: {seen.wrong_a_second:.0f} a second answered; {seen.reached} of {seen.right} right "
        f"ones between them opened, the slowest after {seen.slowest_seconds * 1000:.0f} ms",
    )


def _pace_twin() -> bool:
    seen = press_without_pace(2)
    return say(
        seen.wrong_a_second > MOST_CODES_A_SECOND,
        f"the same without the pace (has to answer more): {seen.wrong_a_second:.0f} a second",
    )


def _killed_first_runs(kills: int) -> bool:
    stuck = kill_first_runs(kills)
    return say(stuck == 0, f"{kills} first runs killed: {stuck} did not open afterwards")


def _say_whole(found: Kills, what: str) -> bool:
    cost = found.cost
    return say(
        cost.lost == cost.doubled == cost.halved == 0 < cost.acknowledged,
        f"{found.kills} {what} killed: {cost.acknowledged} writes acknowledged, {cost.lost} lost, "
        f"{cost.doubled} doubled, {cost.halved} in halves",
    )


def _say_lossy(found: Kills, what: str) -> bool:
    return say(
        found.cost.lost > 0,
        f"{found.kills} {what} killed that acknowledge before they commit (has to lose some): "
        f"{found.cost.acknowledged} writes acknowledged, {found.cost.lost} lost",
    )


if __name__ == "__main__":
    sys.exit(main())
