"""What has expired is removed by all servers at the same moment: one of them does it, and the others wait for it."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from lab.drill.several.machines import Site
from lab.drill.several.programs import PURGE
from storage.postgres.engine import open_store

RECORDS = 400
LONG_AGO = timedelta(days=120)


def purge_on_all(site: Site, program: str = PURGE, records: int = RECORDS) -> list[str]:
    """What each machine made of it: how many records it removed, or "waits"."""
    then = open_store(site.machines[0].database, site.machines[0].folder, today=lambda: date.today() - LONG_AGO)
    with closing(then):
        for _ in range(records):
            then.create_record(content_hash="c", data={})
    go: Path = site.folder / "go"
    go.unlink(missing_ok=True)
    running = [each.run(program, str(go)) for each in site.machines]
    for each in running:
        assert each.stdout is not None
        each.stdout.readline()
    go.touch()
    return [each.communicate(timeout=120)[0].decode().strip() for each in running]


def who_removed(done: list[str]) -> int:
    """How many of them removed anything."""
    return sum(each not in ("waits", "0") for each in done)
