"""The steps of the tables that came last; what is said of steps in migrations.py holds for these too."""

from sqlite_utils import Database

from storage.sqlite.migrations import migrations as migrations


@migrations()
def counts(db: Database) -> None:
    """How much of something each has used within the hour; no release before looks for them."""
    numbers = ", ".join(f"{each} INTEGER NOT NULL" for each in ("used", "used_at", "spent", "spent_before"))
    db.execute(
        f"""CREATE TABLE counts (
            count_hash TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            hour TEXT NOT NULL,
            {numbers}
        ) STRICT"""
    )
    for columns in ("kind, hour", "hour"):
        db.execute(f"CREATE INDEX counts_by_{columns.replace(', ', '_and_')} ON counts ({columns})")
