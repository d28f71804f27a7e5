"""A disk in memory that forgets or tears what was not synced, and apsw with the manners of sqlite3."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import apsw

SECTOR_BYTES = 512


class File:
    """What a program sees in a file, and what of it would survive."""

    def __init__(self, content: bytes = b"") -> None:
        self.seen = bytearray(content)
        self._synced = content
        self._unsynced: list[tuple[int, bytes | None]] = []  # None: truncated here

    def write(self, data: bytes, offset: int) -> None:
        """Seen at once, safe only after sync."""
        self._unsynced.append((offset, data))
        _put(self.seen, data, offset)

    def truncate(self, size: int) -> None:
        """Seen at once, safe only after sync."""
        self._unsynced.append((size, None))
        del self.seen[size:]

    def sync(self) -> None:
        """What is seen is safe."""
        self._synced, self._unsynced = bytes(self.seen), []

    def after_power_cut(self, chance: random.Random, written: float) -> bytes:
        """What was synced, and of the rest each sector with the probability `written`."""
        content = bytearray(self._synced)
        for offset, data in self._unsynced:
            if data is None:
                if chance.random() < written:
                    del content[offset:]
                continue
            for start, end in _sectors(offset, len(data)):
                if chance.random() < written:
                    _put(content, data[start - offset : end - offset], start)
        return bytes(content)


class Disk(apsw.VFS):
    """Files by name. Before one write, truncation or sync the power goes: `left` is what is found later.

    The program runs on, unaware; what it is told from then on no longer counts.
    """

    def __init__(self, files: Mapping[str, bytes], chance: random.Random, *, cut_before: int | None = None) -> None:
        self.vfs_name = f"power-cut-{id(self)}"
        super().__init__(self.vfs_name, "")
        self.left: dict[str, bytes] | None = None
        self._files = {name: File(content) for name, content in files.items()}
        self._chance = chance
        self._until_cut = cut_before

    def happens(self) -> None:
        """Something is about to reach the disk, if the power holds."""
        if self._until_cut is not None and self.left is None:
            self._until_cut -= 1
            if self._until_cut <= 0:
                written = self._chance.choice((0.0, 0.1, 0.5, 0.9))
                self.left = {name: file.after_power_cut(self._chance, written) for name, file in self._files.items()}

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "OpenFile":  # type: ignore[override]
        text = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        flags[1] = flags[0]
        return OpenFile(self, self._files.setdefault(text, File()))

    def xDelete(self, name: str, _syncdir: bool) -> None:
        self.happens()
        self._files.pop(name, None)

    def xAccess(self, name: str, _flags: int) -> bool:
        return name in self._files

    def xFullPathname(self, name: str) -> str:
        return name


class OpenFile:
    """The calls that SQLite makes on an open file; one connection, so locks are nothing."""

    def __init__(self, disk: Disk, file: File) -> None:
        self._disk = disk
        self._file = file

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._file.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.happens()
        self._file.write(bytes(data), offset)

    def xTruncate(self, size: int) -> None:
        self._disk.happens()
        self._file.truncate(size)

    def xSync(self, _flags: int) -> None:
        self._disk.happens()
        self._file.sync()

    def xFileSize(self) -> int:
        return len(self._file.seen)

    def xSectorSize(self) -> int:
        return SECTOR_BYTES

    def xDeviceCharacteristics(self) -> int:
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE  # as on Linux: a torn write spares its neighbours

    def xCheckReservedLock(self) -> bool:
        return False

    def xLock(self, _level: int) -> None: ...

    def xUnlock(self, _level: int) -> None: ...

    def xFileControl(self, _op: int, _ptr: int) -> bool:
        return False

    def xClose(self) -> None: ...


class DiskConnection:
    """An apsw connection with as much of the sqlite3 module's manners as sqlite-utils and our store use."""

    def __init__(self, name: str, disk: Disk) -> None:
        self._connection = apsw.Connection(name, vfs=disk.vfs_name)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        return Cursor(self._connection.execute(sql, tuple(parameters)).fetchall())

    def close(self) -> None:
        self._connection.close()


class Cursor:
    """The rows that a statement gave."""

    description = None  # sqlite-utils asks it only of statements that give no rows

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = iter(rows)

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rows


def _put(content: bytearray, data: bytes, offset: int) -> None:
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _sectors(offset: int, size: int) -> list[tuple[int, int]]:
    edges = [offset, *range((offset // SECTOR_BYTES + 1) * SECTOR_BYTES, offset + size, SECTOR_BYTES)]
    return list(zip(edges, [*edges[1:], offset + size], strict=True))
