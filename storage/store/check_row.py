"""The check row: it shows which key fits, that what is kept was summed up, and whether this key replaced another."""

import logging
from collections.abc import Iterable, Mapping

from storage.model import SealBroken, StoreRefused
from storage.rows.protocol import Rows, Wanted
from storage.rows.sealed_rows import CHECK_NAME, Row, SealedRows
from storage.rows.sealing import KEY, Sealer
from storage.rows.tables import DERIVED_KEYS, SEAL_CHECK

CARRIED = ("erased", "calendar", "subjects")
"""The secrets that stay those of the first key when all is sealed anew in a copy (sqlite/resealing.py)."""
EVERY_SECRET = (*CARRIED, "codes", "counts", "csrf", "session", "session-id", "staff", "tallies")
"""Those that stay where rows are sealed anew one by one, while people look things up by them (rotating.py)."""
_SUMMED_UP, _ROTATED = b"summed up", b"summed up, rotated"
_REKEYED, _REKEYED_FIRST = b"summed up, rekeyed, with subjects", b"summed up, rekeyed"
_WITH: Mapping[bytes, tuple[str, ...]] = {
    _SUMMED_UP: (),
    _REKEYED_FIRST: ("erased", "calendar"),
    _REKEYED: CARRIED,
    _ROTATED: EVERY_SECRET,
}
"""By what the check row says, the secrets that lie beside it."""
_EARLIER = b"; earlier keys: "
_LACKS = (
    "an earlier key is not on this server, and what it sealed does not open here: put its file beside "
    f"{KEY} as {KEY}.before-and-its-day, from another server or from where it is kept apart"
)
log = logging.getLogger("firm_footing")


def sum_up(rows: SealedRows) -> None:
    """Takes what there is as what was written, and notes in the check row that this was done."""
    rows.tallies.sum_up()
    if not is_summed_up(rows):
        rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=_SUMMED_UP))


def is_summed_up(rows: SealedRows) -> bool:
    """Whether that was done."""
    check = rows.find(SEAL_CHECK, CHECK_NAME)
    return check is not None and _parts(check)[0] in _WITH


def note_rekeyed(rows: SealedRows, old: Sealer, new: Sealer) -> None:
    """Keeps the secrets of the earlier key, and notes in the check row that they have to be there. Where the new key
    has others of its database, by which that one looks things up, these stay, too."""
    is_rotated = new.carried.issuperset(EVERY_SECRET)
    for purpose in EVERY_SECRET if is_rotated else CARRIED:
        secret = (old if purpose in CARRIED else new).derive(purpose)
        rows.put(DERIVED_KEYS, Row(row_id=purpose, bound={}, plain=secret))
    rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=_ROTATED if is_rotated else _REKEYED))


def note_rotated(rows: SealedRows, earlier: Iterable[bytes]) -> None:
    """The same, and which earlier keys rows may still be sealed with; with none of them they all are with this one."""
    ids = b" ".join(each.hex().encode() for each in earlier)
    rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=_ROTATED + (_EARLIER + ids if ids else b"")))


def earlier_keys(rows: SealedRows) -> tuple[bytes, ...]:
    """The ids of the keys that rows may still be sealed with, besides the present one."""
    check = rows.find(SEAL_CHECK, CHECK_NAME)
    return _parts(check)[1] if check else ()


def take_carried(rows: SealedRows, sealer: Sealer) -> None:
    """From now on the sealer gives the secrets that stayed those of an earlier key, and opens what it has to.

    :raises SealBroken: one of them was cut out
    """
    check = rows.find(SEAL_CHECK, CHECK_NAME)
    if check is None:
        return
    says, earlier = _parts(check)
    sealer.accept_earlier(earlier)
    if sealer.lacks_earlier:
        log.error("storage: %s", _LACKS)
    for purpose in _WITH.get(says, ()):
        row = rows.find(DERIVED_KEYS, purpose)
        if row is None:
            raise SealBroken(f"{DERIVED_KEYS.name}: row {purpose} is gone")
        sealer.carry(purpose, row.plain)


def use_present_key(stored: Rows, sealer: Sealer, wanted: Wanted = ()) -> None:
    """Whoever writes uses the key that the database itself names, from the very moment in which it was changed.
    `wanted` is what they will ask for after it.

    :raises StoreRefused: that key is not on this server
    """
    stored.fetch(((SEAL_CHECK, CHECK_NAME), *wanted))
    found = stored.find(SEAL_CHECK, CHECK_NAME)
    if found is None or sealer.has_key_of(found.sealed):
        return
    if not sealer.turn_to(found.sealed):
        raise StoreRefused(
            f"the database has a new key, which is not on this server: put it beside {KEY} as {KEY}.new, "
            "from the server on which flask keys rotate runs"
        )
    sealer.accept_earlier(earlier_keys(SealedRows(stored, sealer)))


def need_earlier_keys(rows: SealedRows, sealer: Sealer) -> None:
    """Their files may have come since this server began.

    :raises StoreRefused: one of them is not on this server, where what it sealed looks as damaged rows do
    """
    sealer.accept_earlier(earlier_keys(rows))
    if sealer.lacks_earlier:
        raise StoreRefused(_LACKS)


def _parts(check: Row) -> tuple[bytes, tuple[bytes, ...]]:
    says, _, ids = check.plain.partition(_EARLIER)
    return says, tuple(bytes.fromhex(each) for each in ids.decode().split())
