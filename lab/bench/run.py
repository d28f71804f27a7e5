"""./run bench: every figure that the project promises, as ratios in one run where that can be.

Prints one line a figure with its limit, and ends with 1 when a limit is missed. Some run only when they are named:
`scale`, as a million records take about 25 minutes and 16 GB of the temporary folder; `people`, which prints what the
rules make of 2,000 synthetic people and has no limit; `server`, which starts a PostgreSQL, and `workers`, a part of it;
`walking`, in which 200 people answer at their own pace; `way`, in which three people walk through every page; and
`plans`, which prints a thousand of them.
"""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from lab.bench import (
    batch,
    calibration,
    command_line,
    links_and_codes,
    pages,
    paper,
    phone,
    purging,
    scale,
    way,
)
from lab.bench.clinic import list_of_day, pages_beside, print_workers
from lab.bench.figures import Figure
from lab.servers import beside_file, people_walking, two_workers

Part = Callable[[argparse.Namespace], list[Figure]]
PARTS: dict[str, Part] = {
    "command-line": lambda _: command_line.measure(),
    "paper": lambda _: paper.measure(),
    "batch": lambda _: batch.measure(),
    "clinic": lambda _: [*list_of_day.measure(), *pages_beside.measure(), *print_workers.measure()],
    "pages": lambda _: pages.measure(),
    "phone": lambda _: phone.measure(),
    "links-and-codes": lambda _: links_and_codes.measure(),
    "purging": lambda _: purging.measure(),
}
ONLY_NAMED: dict[str, Part] = {
    "scale": lambda options: scale.measure(options.records),
    "people": lambda _: calibration.measure(),
    "server": lambda options: [*beside_file.measure(options.records), *two_workers.measure()],
    "workers": lambda _: two_workers.measure(),
    "walking": lambda _: people_walking.measure(),
    "way": lambda options: way.measure(options.people),
    "plans": lambda options: print_workers.measure_memory(options.plans),
}


def main() -> int:
    """Runs the measurements that were asked for, all of them by default."""
    options = options_of()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was made is removed, as by Ctrl+C
    figures = [figure for name in options.part or PARTS for figure in measured(name, options)]
    missed = [figure for figure in figures if not figure.holds]
    print(f"{len(figures)} figures, {len(missed)} beyond their limit")
    return 1 if missed else 0


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was typed."""
    *most, last = ONLY_NAMED
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "part",
        nargs="*",
        choices=[*PARTS, *ONLY_NAMED, []],
        help=f"all but {', '.join(most)} and {last} if none is named",
    )
    parser.add_argument("--records", type=int, default=scale.LARGE, help="of the large store of scale (1000000)")
    parser.add_argument("--people", type=int, default=way.PEOPLE, help="of way, for the longest paper (200)")
    parser.add_argument("--plans", type=int, default=print_workers.MANY, help="of plans, how many are printed (1000)")
    return parser.parse_args(arguments)


def measured(name: str, options: argparse.Namespace) -> list[Figure]:
    """The figures of one part, printed as well."""
    print(f"{name} …", flush=True)
    figures = (PARTS | ONLY_NAMED)[name](options)
    for figure in figures:
        print(f"  {figure}", flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
