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
            self._sealers[clinic_id] = Sealer(self._sealer.open(CLINIC_KEYS.name, clinic_id, {}, found.sealed))
        return self._sealers[clinic_id]

    def new(self, clinic_id: str) -> bytes:
        """A new key for this clinic, in use from now on, as it is to be kept (`keep`)."""
        key = secrets.token_bytes(KEY_BYTES)
        self._sealers[clinic_id] = Sealer(key)
        return self._sealer.seal(CLINIC_KEYS.name, clinic_id, {}, key)

    def keep(self, clinic_id: str, wrapped: bytes) -> None:
        """The key is in the database. The clinic's own row has to be there."""
        self._stored.put(CLINIC_KEYS, StoredRow(clinic_id, {}, wrapped))
