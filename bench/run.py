"""./run bench: every figure that the project promises, as ratios in one run where that can be.

Prints one line a figure with its limit, and ends with 1 when a limit is missed.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import command_line, pages, paper, phone
from bench.figures import Figure


def main() -> int:
    """Runs the measurements that were asked for, all of them by default."""
    parts: dict[str, Callable[[], list[Figure]]] = {
        "command-line": command_line.measure,
        "paper": paper.measure,
        "pages": pages.measure,
        "phone": phone.measure,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*parts, []], help="which measurements; all by default")
    chosen = parser.parse_args().part or list(parts)
    figures: list[Figure] = []
    for name in chosen:
        print(f"{name} …", flush=True)
        for figure in parts[name]():
            print(f"  {figure}", flush=True)
            figures.append(figure)
    missed = [figure for figure in figures if not figure.holds]
    print(f"{len(figures)} figures, {len(missed)} beyond their limit")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
