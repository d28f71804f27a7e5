"""The last bytes of a backup: which key sealed it, and a code under that key over every byte before them.

SQLite looks at none of them, so that a backup is still a database that any tool can open.
"""

import hmac
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from storage.rows.sealing import Sealer

_TITLE = b"\nFirm Footing backup 1\n"
_KEY_ID_BYTES, _CODE_BYTES = 9, 32
TRAILER_BYTES = len(_TITLE) + _KEY_ID_BYTES + _CODE_BYTES
_AT_ONCE = 1 << 20


class NotSigned(ValueError):
    """The bytes are not those that were signed; the message ends a sentence that begins with the file's name."""


def sign(file: Path, sealer: Sealer) -> None:
    """Adds the last bytes."""
    code = hmac.new(sealer.derive_of_present("backup"), digestmod="sha256")
    with file.open("r+b") as open_file:
        for part in _parts(open_file, os.path.getsize(file)):
            code.update(part)
        open_file.seek(0, os.SEEK_END)
        open_file.write(_TITLE + sealer.key_id + code.digest())


def copy_checked(source: IO[bytes], target: IO[bytes], sealer: Sealer) -> bool:
    """Copies what was signed, without its last bytes; a file that was never signed as it is. Whether it was signed.

    :raises NotSigned: another key signed it, or a byte of it is another
    """
    length = os.fstat(source.fileno()).st_size
    key_id, signed_as = _trailer(source, length)
    if key_id is not None:
        length -= TRAILER_BYTES
    code = hmac.new(sealer.derive_of_present("backup"), digestmod="sha256")
    for part in _parts(source, length):
        code.update(part)
        target.write(part)
    if key_id not in (None, sealer.key_id):
        raise NotSigned("was sealed with another key")
    if key_id is not None and not hmac.compare_digest(code.digest(), signed_as):
        raise NotSigned("is damaged (not every byte is as it was)")
    return key_id is not None


def _trailer(source: IO[bytes], length: int) -> tuple[bytes | None, bytes]:
    """The key's id and the code; no id where there is no trailer."""
    source.seek(max(0, length - TRAILER_BYTES))
    trailer = source.read(TRAILER_BYTES)
    if len(trailer) < TRAILER_BYTES or not trailer.startswith(_TITLE):
        return None, b""
    rest = trailer[len(_TITLE) :]
    return rest[:_KEY_ID_BYTES], rest[_KEY_ID_BYTES:]


def _parts(source: IO[bytes], length: int) -> Iterator[bytes]:
    source.seek(0)
    while length:
        part = source.read(min(length, _AT_ONCE))
        if not part:
            raise NotSigned("became shorter while it was read")
        length -= len(part)
        yield part
