"""`./run drill`: every fault drill, its figures, and exit status 1 if one failed. Takes half a minute."""

import sys
from argparse import ArgumentParser
from time import monotonic

from drill.kill import kill_first_runs, kill_writers
from drill.power_cut import cut_power


def main() -> int:
    """0 when nothing acknowledged was lost and the twin, which has to lose, did."""
    parser = ArgumentParser(prog="./run drill", description="Cuts the power and kills writers; counts losses.")
    parser.add_argument("--cuts", type=int, default=1000, help="power cuts (1000)")
    parser.add_argument("--kills", type=int, default=200, help="kills of writers, and of first runs (200)")
    options = parser.parse_args()
    started = monotonic()
    verdicts = [
        _power_cuts(options.cuts),
        _power_cut_twin(options.cuts),
        _killed_writers(options.kills),
        _killed_first_runs(options.kills),
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
    cost = kill_writers(kills)
    return _say(
        cost.lost == 0 < cost.acknowledged,
        f"{cost.kills} writers killed: {cost.acknowledged} answers acknowledged, {cost.lost} lost",
    )


def _killed_first_runs(kills: int) -> bool:
    stuck = kill_first_runs(kills)
    return _say(stuck == 0, f"{kills} first runs killed: {stuck} did not open afterwards")


def _say(passed: bool, figures: str) -> bool:
    print(f"{'ok    ' if passed else 'FAILED'} {figures}", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
