"""The check row: it shows which key fits, that what is kept was summed up, and whether this key replaced another."""

from storage.model import SealBroken
from storage.rows.sealed_rows import CHECK_NAME, Row, SealedRows
from storage.rows.sealing import Sealer
from storage.rows.tables import DERIVED_KEYS, SEAL_CHECK

CARRIED = ("erased", "calendar")
"""The secrets that stay those of the first key."""
_SUMMED_UP, _REKEYED = b"summed up", b"summed up, rekeyed"


def sum_up(rows: SealedRows) -> None:
    """Takes what there is as what was written, and notes in the check row that this was done."""
    rows.tallies.sum_up()
    if not is_summed_up(rows):
        rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=_SUMMED_UP))


def is_summed_up(rows: SealedRows) -> bool:
    """Whether that was done."""
    check = rows.find(SEAL_CHECK, CHECK_NAME)
    return check is not None and check.plain in (_SUMMED_UP, _REKEYED)


def note_rekeyed(rows: SealedRows) -> None:
    """Notes in the check row that the secrets of an earlier key have to be there."""
    rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=_REKEYED))


def take_carried(rows: SealedRows, sealer: Sealer) -> None:
    """From now on the sealer gives the secrets that stayed those of an earlier key.

    :raises SealBroken: one of them was cut out
    """
    check = rows.find(SEAL_CHECK, CHECK_NAME)
    for purpose in CARRIED if check is not None and check.plain == _REKEYED else ():
        row = rows.find(DERIVED_KEYS, purpose)
        if row is None:
            raise SealBroken(f"{DERIVED_KEYS.name}: row {purpose} is gone")
        sealer.carry(purpose, row.plain)
