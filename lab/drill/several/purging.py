"""What has expired is removed by all servers at the same moment: one of them does it, and the others wait for it."""

from contextlib import ExitStack, closing
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.drill.several.machines import Site
from lab.drill.several.programs import PURGE
from storage.postgres.engine import open_store
from tests.processes import wait_until

RECORDS = 400
LONG_AGO = timedelta(days=120)


def purge_on_all(site: Site, program: str = PURGE, records: int = RECORDS) -> list[str]:
    """What each machine made of it: how many records it removed, "waits", "busy", or how its program ended instead."""
    then = open_store(site.machines[0].database, site.machines[0].folder, today=lambda: date.today() - LONG_AGO)
    with closing(then):
        for _ in range(records):
            then.create_record(content_hash="c", data={})
    with TemporaryDirectory(dir=site.folder) as name, ExitStack() as stack:
        go, ready = Path(name) / "go", [Path(name) / f"ready-{number}" for number in range(len(site.machines))]
        running = [
            stack.enter_context(each.run(program, str(mine), str(go)))
            for each, mine in zip(site.machines, ready, strict=True)
        ]
        for process in running:
            stack.callback(process.kill)
        wait_until(
            lambda: all(mine.exists() or each.poll() is not None for mine, each in zip(ready, running, strict=True))
        )
        go.touch()
        answers = [each.communicate(timeout=120)[0].decode().strip() for each in running]
    return [each or f"ended with {process.returncode}" for each, process in zip(answers, running, strict=True)]


def who_removed(done: list[str]) -> int:
    """How many of them removed anything, and lived to tell."""
    return sum(each.isdecimal() and int(each) > 0 for each in done)
