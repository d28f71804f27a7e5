"""Rows and bytes: AES-256-GCM over a row, bound to its place and plain columns, and the key's file.

A sealed blob is version (1 byte), key id (8), nonce (12, random), ciphertext and tag (16). One key and
random nonces are good for 2^32 rows (NIST SP 800-38D, 8.3).
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.model import SealBroken, StoreRefused

KEY = "firm-footing.key"
VERSION = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
_HEAD_BYTES = 9
NEVER_AGAIN_BYTES = _HEAD_BYTES + NONCE_BYTES
"""The first bytes of a blob, which no other has: its nonce is among them."""

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: object) -> bytes:
    """One JSON text for equal values: sorted keys, no spaces, ASCII.

    :raises TypeError, ValueError: not JSON (a Decimal, a date, NaN)
    """
    return _canonical.encode(value).encode("ascii")


class Sealer:
    """Seals and opens rows with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._aead = AESGCM(key)
        self._derived: dict[str, bytes] = {}
        self._head = VERSION + hashlib.sha256(b"key id:" + key).digest()[: _HEAD_BYTES - 1]

    def seal(self, table: str, row_id: str, bound: Mapping[str, object], plain: bytes) -> bytes:
        """`plain`, readable only under this key, in this row, beside these plain columns."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return self._head + nonce + self._aead.encrypt(nonce, plain, self._binding(table, row_id, bound))

    def open(self, table: str, row_id: str, bound: Mapping[str, object], sealed: bytes) -> bytes:
        """The bytes that were sealed here.

        :raises SealBroken: a bit of them, of their place or of a bound column is another
        """
        try:
            if sealed[:_HEAD_BYTES] != self._head:
                raise InvalidTag
            nonce, rest = sealed[_HEAD_BYTES:][:NONCE_BYTES], sealed[_HEAD_BYTES + NONCE_BYTES :]
            return self._aead.decrypt(nonce, rest, self._binding(table, row_id, bound))
        except (InvalidTag, TypeError, ValueError):  # a flipped bit can also turn a column's type
            raise SealBroken(f"{table}: row {row_id} is damaged or was changed from outside") from None

    def derive(self, purpose: str) -> bytes:
        """32 secret bytes for one purpose, which tell nothing of the key or of those for another."""
        if purpose not in self._derived:
            self._derived[purpose] = hmac.digest(self._key, b"derived for:" + purpose.encode(), "sha256")
        return self._derived[purpose]

    def carry(self, purpose: str, secret: bytes) -> None:
        """For this purpose the secret stays that of an earlier key (resealing.py)."""
        self._derived[purpose] = secret

    @property
    def key_id(self) -> bytes:
        """Nine bytes that tell one key from another, and nothing else about it."""
        return self._head

    @staticmethod
    def key_id_of(sealed: bytes) -> bytes:
        """Which key sealed this blob."""
        return sealed[:_HEAD_BYTES]

    def has_key_of(self, sealed: object) -> bool:
        """False when another key sealed this blob."""
        return isinstance(sealed, bytes) and sealed[:_HEAD_BYTES] == self._head

    def _binding(self, table: str, row_id: str, bound: Mapping[str, object]) -> bytes:
        return self._head + canonical([table, row_id, bound])


def load_key(path: Path) -> bytes:
    """The key in this file, made readable by its owner alone.

    :raises StoreRefused: what the file holds is not a key
    """
    text = path.read_bytes().strip()
    with contextlib.suppress(OSError):  # another owner, or a read-only mount
        path.chmod(0o400)
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreRefused(f"the key file {path} is damaged: put back the copy that was kept apart")
    return key


def load_or_create_key(path: Path) -> bytes:
    """The key in this file; a new random one first where there is none. One caller at a time."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_key(path, secrets.token_bytes(KEY_BYTES))
    return load_key(path)


def unfinished(path: Path) -> Path:
    """What the key or the database is called until a first run is done."""
    return path.with_name(path.name + ".unfinished")


def write_key(path: Path, key: bytes) -> None:
    """The key is on disk, whole and for its owner only, when it has this name."""
    half = path.with_name(path.name + ".half")
    half.unlink(missing_ok=True)
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
        file.write(key.hex().encode("ascii") + b"\n")
    move_durably(half, path)


def move_durably(source: Path, target: Path) -> None:
    """Renames a file so that a power cut leaves either the old name or the new one, with all its bytes."""
    sync(source)
    source.rename(target)
    for folder in {source.parent, target.parent}:
        sync(folder)


def sync(path: Path) -> None:
    """A file's bytes, or a folder's names, are on disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
