"""flask assess as whole processes: one person, and three thousand."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lab.bench.figures import Figure
from lab.bench.people import records

ROOT = Path(__file__).parent.parent.parent
PEOPLE = 3_000


def measure() -> list[Figure]:
    """Seconds of the whole process, start-up included."""
    lines = [json.dumps(record) for record in records(PEOPLE)]
    with tempfile.TemporaryDirectory() as folder:
        one, many = Path(folder) / "one.json", Path(folder) / "many.jsonl"
        one.write_text(lines[0] + "\n", encoding="utf-8")
        many.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return [
            Figure(name="flask assess, one person", value=_seconds(one, 7), unit="s", limit=0.5),
            Figure(name=f"flask assess, {PEOPLE} people", value=_seconds(many, 3), unit="s", limit=5),
        ]


def _seconds(file: Path, times: int) -> float:
    return statistics.median(_once(file) for _ in range(times))


def _once(file: Path) -> float:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "flask", "assess", str(file)],
        cwd=ROOT,
        env={**os.environ, "FLASK_APP": str(ROOT / "app.py")},
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode()[-500:])
    return time.perf_counter() - started
