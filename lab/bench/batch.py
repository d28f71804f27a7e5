"""A clinic's batch as one file: against bare WeasyPrint, and its memory over many files."""

import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

from lab.bench.figures import Figure
from lab.bench.paper import CLINIC, ROOT, any_papers, bare
from reports.paper.document import plan_html
from reports.printing.binding import Binding

MANY = 4  # files of 60 plans: each more has to need nothing more


def measure() -> list[Figure]:
    """Each ratio within one run."""
    return [_one_file(), *_memory()]


def _one_file() -> Figure:
    """Sixty people, each way in a process of its own."""
    ours, theirs = (_seconds(way) for way in ("ours", "bare"))
    return Figure(name=f"{CLINIC} plans as one tagged PDF / bare WeasyPrint, time", value=ours / theirs, limit=0.85)


def _seconds(way: str) -> float:
    command = [sys.executable, "-m", "lab.bench.batch", way]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def _make_one_file(way: str) -> None:
    """Processor seconds, printed."""
    from reports.printing.pile import Pile

    papers = list(any_papers(CLINIC))
    bare(plan_html(papers[:1], "letter"))
    started, pile = time.process_time(), Pile()
    if way == "ours":
        for paper in papers:
            pile.add(plan_html([paper], "letter"))
        pile.bind()
    else:
        bare(plan_html(papers, "letter"))
    print(time.process_time() - started)


def _memory() -> list[Figure]:
    """What the drawing child takes for a file, and how much it grows to the last: 1,000 plans are 17 of them."""
    papers, binding = [plan_html([paper], "letter") for paper in islice(any_papers(CLINIC), CLINIC)], Binding()
    peaks = []
    for _ in range(MANY):
        for html in papers:
            binding.add(html)
        binding.bind("")
        peaks.append(_peak_megabytes(binding._child.start().pid))
    binding.start_anew(keep_child=False)
    return [
        Figure(name=f"memory for {CLINIC} plans", value=peaks[0], unit="MB", limit=350),
        Figure(name=f"memory after {MANY} files, above that of two", value=peaks[-1] - peaks[1], unit="MB", limit=20),
    ]


def _peak_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    _make_one_file(sys.argv[1])
