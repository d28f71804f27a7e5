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
from collections.abc import Callable
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


def main() -> int:
    """Runs the measurements that were asked for, all of them by default."""
    parts: dict[str, Callable[[], list[Figure]]] = {
        "command-line": command_line.measure,
        "paper": paper.measure,
        "batch": batch.measure,
        "clinic": lambda: [*list_of_day.measure(), *pages_beside.measure(), *print_workers.measure()],
        "pages": pages.measure,
        "phone": phone.measure,
        "links-and-codes": links_and_codes.measure,
        "purging": purging.measure,
    }
    only_named: dict[str, Callable[[], list[Figure]]] = {
        "scale": lambda: scale.measure(options.records),
        "people": calibration.measure,
        "server": lambda: [*beside_file.measure(options.records), *two_workers.measure()],
        "workers": two_workers.measure,
        "walking": people_walking.measure,
        "way": lambda: way.measure(options.people),
        "plans": lambda: print_workers.measure_memory(options.plans),
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "part",
        nargs="*",
        choices=[*parts, *only_named, []],
        help="all but scale, people, server, workers, walking, way and plans if none is named",
    )
    parser.add_argument("--records", type=int, default=scale.LARGE, help="of the large store of scale (1000000)")
    parser.add_argument("--people", type=int, default=way.PEOPLE, help="of way, for the longest paper (200)")
    parser.add_argument("--plans", type=int, default=print_workers.MANY, help="of plans, how many are printed (1000)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was made is removed, as by Ctrl+C
    chosen = options.part or list(parts)
    figures: list[Figure] = []
    for name in chosen:
        print(f"{name} …", flush=True)
        for figure in {**parts, **only_named}[name]():
            print(f"  {figure}", flush=True)
            figures.append(figure)
    missed = [figure for figure in figures if not figure.holds]
    print(f"{len(figures)} figures, {len(missed)} beyond their limit")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
