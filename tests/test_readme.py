"""README.md as a newcomer would follow it: every line of shell is run, or it is said here why not."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from app import create_app
from storage.sqlite.engine import open_store

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BACKUPS, BACKUP = "/mnt/backups", re.compile(r"firm-footing-[\dTZ-]+\.db")
# What a cron table has before the command: minute, hour, day, month, weekday, and the folder to stand in.
CRON = re.compile(r"^([0-5]?\d) (1?\d|2[0-3]) \* \* \*  cd /srv/firm-footing && (?=\./run flask )")
BEGINS = {".pdf": b"%PDF", ".xlsx": b"PK", ".json": b"{"}
NOT_RUN = {
    "./run serve": "tests/test_web_serving.py starts it",
    "./run test": "is what runs this",
}
Typed = Callable[[str], Result]


def shell(text: str) -> list[str]:
    """Every line of every block that has a line for ./run, without comments, in order."""
    blocks = re.findall(r"(?:^ {4}.*\n)+", text, re.MULTILINE)
    lines = [line for block in blocks if "./run" in block for line in block.splitlines()]
    return [line for each in lines if (line := each.split("#")[0].strip())]


@pytest.fixture
def typed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Runs a line of shell in a folder that holds the people of README.md; backups go below that folder."""
    monkeypatch.chdir(folder)
    (record,) = re.findall(r"^```json\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    Path("people.jsonl").write_text(record, encoding="utf-8")
    Path("docs").symlink_to(ROOT / "docs")
    runner = create_app().test_cli_runner()

    def run(line: str) -> Result:
        words = [word.replace(BACKUPS, str(folder / "backups")) for word in shlex.split(CRON.sub("", line))]
        assert words[:2] == ["./run", "flask"], f"{line}: run it, or say in NOT_RUN why not"
        return runner.invoke(args=words[2:])

    return run


def run_all(text: str, typed: Typed, folder: Path) -> None:
    """Runs what can be run. :raises AssertionError: one did not do what it says"""
    for line in shell(text):
        if line in NOT_RUN:
            continue
        there = [file.name for file in folder.glob("backups/*")]
        found = typed(BACKUP.sub(there[0], line) if there else line)
        assert found.exit_code == 0, f"{line}: {found.output}{found.exception}"
        written = [folder / word for word in re.findall(r"--(?:out|each) (\S+)", line)]
        for file in (each for path in written for each in (path.glob("*") if path.is_dir() else [path])):
            assert file.read_bytes().startswith(BEGINS[file.suffix]), f"{line}: {file.name}"
        if "assess" in line or line.endswith("--json"):
            assert json.loads(found.stdout)
        assert written or found.stdout, f"{line}: nothing came out"


def test_every_line_of_shell_does_what_it_says(typed: Typed, folder: Path) -> None:
    open_store(folder, folder).close()
    run_all(README, typed, folder)
    assert (folder / "plans" / "line-1.pdf").exists()
    (made,) = (file.name for file in folder.glob("backups/*"))
    (shown,) = BACKUP.findall(README)
    assert re.sub(r"\d", "0", made) == re.sub(r"\d", "0", shown)


def test_what_is_not_run_stands_in_the_readme() -> None:
    assert set(NOT_RUN) < set(shell(README))


@pytest.mark.parametrize(
    "line",
    [
        "./run flask assess nobody.jsonl",
        "./run flask plan people.jsonl --out plan.pdf --paper a4",
        "./run bench",
        "15 25 * * *  cd /srv/firm-footing && ./run flask backup /mnt/backups",
        "15 3 * * *  cd /somewhere && ./run flask backup /mnt/backups",
    ],
)
def test_a_line_that_does_not_work_would_be_seen(typed: Typed, folder: Path, line: str) -> None:
    with pytest.raises(AssertionError):
        run_all(f"Text\n\n    {line}  # why\n", typed, folder)
