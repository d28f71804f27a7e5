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
from collections.abc import Iterable, Mapping
from itertools import count
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.model import SealBroken, StoreRefused

KEY = "firm-footing.key"
_NEW, _BEFORE, _HALF = ".new", ".before-", ".half"
VERSION = b"\x01"
KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID_BYTES = 9
NEVER_AGAIN_BYTES = KEY_ID_BYTES + NONCE_BYTES
"""The first bytes of a blob, which no other has: its nonce is among them."""

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: object) -> bytes:
    """One JSON text for equal values: sorted keys, no spaces, ASCII.

    :raises TypeError, ValueError: not JSON (a Decimal, a date, NaN)
    """
    return _canonical.encode(value).encode("ascii")


class KeyFiles:
    """The key's file of a folder, and those beside it: a new one that waits to be used, and those of before."""

    def __init__(self, key: Path) -> None:
        self.key = key
        self.new = key.with_name(key.name + _NEW)

    @property
    def before(self) -> list[Path]:
        return [each for each in self._of_before if each.suffix != _HALF]

    @property
    def half_before(self) -> list[Path]:
        """What a kill left where one of them was written."""
        return [each for each in self._of_before if each.suffix == _HALF]

    @property
    def _of_before(self) -> list[Path]:
        return sorted(self.key.parent.glob(f"{self.key.name}{_BEFORE}*"))

    def name_before(self, day: str) -> Path:
        """A free name for the present key, from this day on."""
        stem = f"{self.key.name}{_BEFORE}{day}"
        names = (f"{stem}{f'-{number}' if number else ''}" for number in count())
        return next(path for name in names if not (path := self.key.with_name(name)).exists())

    def in_use(self, key_id: bytes) -> bytes | None:
        """The key of this id, if it is the present one or the new one."""
        return self._find(key_id, [self.key, self.new])

    def any(self, key_id: bytes) -> bytes | None:
        """The key of this id, whatever its name."""
        return self._find(key_id, [self.key, self.new, *self.before])

    @staticmethod
    def _find(key_id: bytes, files: list[Path]) -> bytes | None:
        for each in files * 2:  # they may change their names meanwhile
            with contextlib.suppress(OSError, StoreRefused):
                if key_id_of(key := load_key(each)) == key_id:
                    return key
        return None


class Sealer:
    """Seals rows with one key, and opens them with it and with those that it is to accept beside it.

    `files` is where the key lies: while it is changed (store/rotating.py) somebody else may use the new one first.
    """

    def __init__(self, key: bytes, files: KeyFiles | None = None) -> None:
        self._key = key
        self._files = files
        self._derived: dict[str, bytes] = {}
        self.carried: frozenset[str] = frozenset()
        self._present = _Key(key)
        self._accepted: dict[bytes, _Key] = {}
        self.lacks_earlier = False
        """Whether a key that rows may still be sealed with is not here: what it sealed looks as damaged rows do."""

    def seal(self, table: str, row_id: str, bound: Mapping[str, object], plain: bytes) -> bytes:
        """`plain`, readable only under this key, in this row, beside these plain columns."""
        present, nonce = self._present, secrets.token_bytes(NONCE_BYTES)
        return present.head + nonce + present.aead.encrypt(nonce, plain, present.binding(table, row_id, bound))

    def open(self, table: str, row_id: str, bound: Mapping[str, object], sealed: bytes) -> bytes:
        """The bytes that were sealed here.

        :raises SealBroken: a bit of them, of their place or of a bound column is another
        """
        try:
            key = self._key_of(sealed)
            if key is None:
                raise InvalidTag
            nonce, rest = sealed[KEY_ID_BYTES:][:NONCE_BYTES], sealed[KEY_ID_BYTES + NONCE_BYTES :]
            return key.aead.decrypt(nonce, rest, key.binding(table, row_id, bound))
        except (InvalidTag, TypeError, ValueError):  # a flipped bit can also turn a column's type
            raise SealBroken(f"{table}: row {row_id} is damaged or was changed from outside") from None

    def derive(self, purpose: str) -> bytes:
        """32 secret bytes for one purpose, which tell nothing of the key or of those for another."""
        if purpose not in self._derived:
            self._derived[purpose] = _derived(self._key, purpose)
        return self._derived[purpose]

    def carry(self, purpose: str, secret: bytes) -> None:
        """For this purpose the secret stays that of an earlier key (resealing.py)."""
        self._derived[purpose] = secret
        self.carried |= {purpose}

    def derive_of_present(self, purpose: str) -> bytes:
        """The same of the key that seals now, whatever was carried: whoever has it alone can tell."""
        return _derived(self._present.key, purpose)

    def accept(self, key: bytes) -> None:
        """Opens what this key sealed too."""
        found = _Key(key)
        self._accepted = {**self._accepted, found.head: found}

    def accept_earlier(self, key_ids: Iterable[bytes]) -> None:
        """Opens what these keys sealed too, where they are known or their files are there, and nothing that any other
        did."""
        wanted, known, found = tuple(key_ids), self._accepted, {}
        for each in wanted:
            if each in known:
                found[each] = known[each]
            elif self._files and (key := self._files.any(each)):
                found[each] = _Key(key)
        self._accepted = found
        self.lacks_earlier = not all(map(self.opens, wanted))

    def turn_to(self, sealed: bytes) -> bool:
        """Seals with the key of this blob from now on, and goes on opening what it opened; False where that key is not
        here."""
        if found := self._key_of(sealed):
            self.accept(self._present.key)  # first: others open rows meanwhile
            self._present = found
        return found is not None

    def turn_to_key(self, key: bytes) -> None:
        """Seals with this one from now on, and goes on opening what it opened."""
        self.accept(self._present.key)
        self._present = _Key(key)

    @property
    def key_id(self) -> bytes:
        """Nine bytes that tell one key from another, and nothing else about it."""
        return self._present.head

    @staticmethod
    def key_id_of(sealed: bytes) -> bytes:
        """Which key sealed this blob."""
        return sealed[:KEY_ID_BYTES]

    def has_key_of(self, sealed: object) -> bool:
        """False when another key sealed this blob."""
        return isinstance(sealed, bytes) and sealed[:KEY_ID_BYTES] == self._present.head

    def opens(self, key_id: bytes) -> bool:
        """Whether the key of this id is known."""
        return self._key_of(key_id) is not None

    def _key_of(self, sealed: bytes) -> "_Key | None":
        """What opens this blob: a key that is known, or the new one, which another server began to use."""
        head, present = bytes(sealed[:KEY_ID_BYTES]), self._present
        if head == present.head:
            return present
        if head not in self._accepted and self._files and (key := self._files.in_use(head)):
            self.accept(key)
        return self._accepted.get(head)


class _Key:
    """One key, and the nine bytes that begin what it sealed."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.aead = AESGCM(key)
        self.head = key_id_of(key)

    def binding(self, table: str, row_id: str, bound: Mapping[str, object]) -> bytes:
        """The key, and `canonical([table, row_id, bound])`, put together by hand: a third of the time."""
        columns = _canonical.encode(bound) if bound else "{}"
        return self.head + f"[{quoted(table)},{quoted(row_id)},{columns}]".encode("ascii")


def key_id_of(key: bytes) -> bytes:
    """Nine bytes that tell it from another, and nothing else about it."""
    return VERSION + hashlib.sha256(b"key id:" + key).digest()[: KEY_ID_BYTES - 1]


def _derived(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, b"derived for:" + purpose.encode(), "sha256")


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
    half = path.with_name(path.name + _HALF)
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
