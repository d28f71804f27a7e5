"""`./run drill servers`: three servers behind nginx, walked through, killed, stopped and started; and its twins."""

from collections.abc import Callable

from lab.drill.several import clinic_walks, purging, under_load, walks
from lab.drill.several.machines import Site, site
from lab.drill.several.places import may_make_namespaces
from lab.drill.several.programs import ON_ITS_OWN, OWN_LOCK, SLOW_CODES, SLOW_GAP_SECONDS
from lab.drill.verdict import say
from storage.clinics.store import ClinicStore

MOST_CODES_A_SECOND = 1.05 / SLOW_GAP_SECONDS


def drill() -> list[bool]:
    """All verdicts; where they may, the servers run in network namespaces."""
    where = "in network namespaces" if may_make_namespaces() else "at addresses of this machine"
    print(f"three servers {where}, nginx as docs/nginx.conf shows, PostgreSQL", flush=True)
    with site(programs=(SLOW_CODES,)) as found:
        verdicts = [*_walked(found), *_purged(found)]
    with site() as found:
        verdicts += _ended(found)
    with site(workers=2) as found:
        seen = under_load.restart(found, found.machines)
        verdicts.append(say(seen.nobody_noticed, f"all restarted one after the other, two workers each: {seen}"))
    with site(programs=(ON_ITS_OWN,)) as found:
        verdicts += _twins(found)
    return verdicts


def _walked(found: Site) -> list[bool]:
    clinic = clinic_walks.new_clinic(found)
    return [
        _walk(found, "a visitor's whole way, each request on another server", walks.public_way),
        _walk(found, "a walk without a network, and forms that come more than once", walks.walk_without_a_network),
        _walk(found, "staff in, out and disabled", lambda site: clinic_walks.sign_in_and_out(site, clinic)),
        _walk(found, "a tablet and a print job", lambda site: _tablet_and_print(site, clinic)),
        _walk(found, "scheme, host and address", walks.whom_it_sees, is_spread=False),
        _codes(found),
    ]


def _tablet_and_print(site: Site, clinic: ClinicStore) -> None:
    clinic_walks.print_and_fetch(site, clinic_walks.hand_over_a_tablet(site, clinic))


def _walk(found: Site, name: str, walk: Callable[[Site], object], *, is_spread: bool = True) -> bool:
    before = len(found.front.answered)
    try:
        walk(found)
        requests = walks.spread(found, before) if is_spread else len(found.front.answered) - before
    except AssertionError as fault:
        return say(False, f"{name}: {fault}")
    return say(True, f"{name}: {requests} requests")


def _codes(found: Site) -> bool:
    seen = walks.wrong_codes_a_second(found)
    return say(
        0 < seen <= MOST_CODES_A_SECOND,
        f"wrong codes on all servers at once: {seen:.1f} a second, at most {1 / SLOW_GAP_SECONDS:.0f} in all",
    )


def _purged(found: Site) -> list[bool]:
    done, twin = purging.purge_on_all(found), purging.purge_on_all(found, OWN_LOCK)
    return [
        say(
            sorted(done) == [str(purging.RECORDS), "waits", "waits"],
            f"{purging.RECORDS} records removed by three servers at the same moment: {', '.join(done)}",
        ),
        say(
            purging.who_removed(twin) > 1,
            f"the same without the lock (more than one has to remove some): {', '.join(twin)}",
        ),
    ]


def _ended(found: Site) -> list[bool]:
    one, _, other = found.machines
    stopped = under_load.restart(found, [one])
    verdicts = [say(stopped.nobody_noticed, f"one stopped in mid-load, and started: {stopped}")]
    rolled = under_load.restart(found, found.machines)
    verdicts.append(say(rolled.nobody_noticed, f"all restarted one after the other: {rolled}"))
    killed = under_load.kill_one(found, one)
    verdicts.append(say(killed.nothing_is_lost and killed.most_of_one <= 1, f"one killed for good: {killed}"))
    one.start()
    one.wait()
    if other.place.cable:
        cut = under_load.pull_cable(found, other)
        verdicts.append(say(cut.nothing_is_lost and cut.most_of_one <= 1, f"the cable of one pulled out: {cut}"))
    return verdicts


def _twins(found: Site) -> list[bool]:
    try:
        walks.public_way(found)
        went_wrong = "nothing"
    except AssertionError as fault:
        went_wrong = str(fault).partition("\n")[0]
    guessed = walks.wrong_codes_a_second(found)
    return [
        say(went_wrong != "nothing", f"a visitor where each server has its own sessions (has to fail): {went_wrong}"),
        say(guessed > MOST_CODES_A_SECOND, f"wrong codes where each has its own pace (has to be more): {guessed:.1f}"),
    ]
