"""flask assess as whole processes: one person, three thousand, and a table of as many."""

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook

from lab.bench.figures import Figure
from lab.people.records import records

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
            *_tables(Path(folder)),
        ]


def _tables(folder: Path) -> list[Figure]:
    """A long table takes hardly more memory than a short one: rows are read as they are asked for."""
    (_, little), (seconds, much) = (_once(_table(folder / f"{rows}.xlsx", rows)) for rows in (10, PEOPLE))
    return [
        Figure(name=f"flask assess, {PEOPLE} rows of an .xlsx", value=seconds, unit="s", limit=15),
        Figure(name=f"memory for {PEOPLE} rows, above that for 10", value=much - little, unit="MB", limit=20),
    ]


def _table(path: Path, rows: int) -> Path:
    """The ten people of docs/ again and again."""
    with (ROOT / "docs" / "ten-people.csv").open(encoding="utf-8-sig") as file:
        ask, keys, *people = csv.reader(file)
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (ask, keys, *(people[number % len(people)] for number in range(rows))):
        sheet.append(row)
    book.save(path)
    return path


def _seconds(file: Path, times: int) -> float:
    return statistics.median(_once(file)[0] for _ in range(times))


def _once(file: Path) -> tuple[float, float]:
    """Seconds and MB of one run."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "flask", "assess", str(file)],
        cwd=ROOT,
        env={**os.environ, "FLASK_APP": str(ROOT / "app.py")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"flask assess {file.name} ended with {process.returncode}")
    return time.perf_counter() - started, used.ru_maxrss / 1024
