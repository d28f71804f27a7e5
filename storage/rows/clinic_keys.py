"""Each clinic's own key, wrapped by that of the installation: without it nothing of the clinic can be read."""

import secrets

from storage.model import SealBroken
from storage.rows.protocol import Rows, StoredRow
from storage.rows.sealing import KEY_BYTES, Sealer
from storage.rows.tables import CLINIC_KEYS


class ClinicKeys:
    """The keys as one transaction sees them."""

    def __init__(self, stored: Rows, sealer: Sealer) -> None:
        self._stored = stored
        self._sealer = sealer
        self._sealers: dict[str, Sealer] = {}

    def sealer_of(self, clinic_id: str) -> Sealer:
        """What seals and opens this clinic's rows. :raises SealBroken: its key is damaged or gone"""
        if clinic_id not in self._sealers:
            found = self._stored.find(CLINIC_KEYS, clinic_id)
            if found is None:
                raise SealBroken(f"{CLINIC_KEYS.name}: row {clinic_id} is gone")
            self._sealers[clinic_id] = _sealer_with(self._keys_in(found))
        return self._sealers[clinic_id]

    def new(self, clinic_id: str) -> bytes:
        """A new key for this clinic, in use from now on, as it is to be kept (`keep`)."""
        key = secrets.token_bytes(KEY_BYTES)
        self._sealers[clinic_id] = Sealer(key)
        return self._sealer.seal(CLINIC_KEYS.name, clinic_id, {}, key)

    def renew(self, clinic_id: str) -> bool:
        """A new key seals from now on; what those of before sealed is opened too, until they are dropped. False where
        that was done.

        :raises SealBroken: the key of before is damaged
        """
        found = self._stored.find(CLINIC_KEYS, clinic_id)
        is_due = found is not None and not self._sealer.has_key_of(found.sealed)
        if found and is_due:
            self._put(clinic_id, secrets.token_bytes(KEY_BYTES) + self._keys_in(found))
        return is_due

    def drop_earlier(self, clinic_id: str) -> None:
        """Nothing is sealed with the keys of before any more. :raises SealBroken: they are damaged"""
        found = self._stored.find(CLINIC_KEYS, clinic_id)
        if found and len(keys := self._keys_in(found)) > KEY_BYTES:
            self._put(clinic_id, keys[:KEY_BYTES])

    def _put(self, clinic_id: str, keys: bytes) -> None:
        self.keep(clinic_id, self._sealer.seal(CLINIC_KEYS.name, clinic_id, {}, keys))
        self._sealers[clinic_id] = _sealer_with(keys)

    def _keys_in(self, found: StoredRow) -> bytes:
        return self._sealer.open(CLINIC_KEYS.name, found.row_id, {}, found.sealed)

    def keep(self, clinic_id: str, wrapped: bytes) -> None:
        """The key is in the database. The clinic's own row has to be there."""
        self._stored.put(CLINIC_KEYS, StoredRow(clinic_id, {}, wrapped))


def _sealer_with(keys: bytes) -> Sealer:
    """The first of these keys seals."""
    first, *earlier = (keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES))
    sealer = Sealer(first)
    for each in earlier:
        sealer.accept(each)
    return sealer
