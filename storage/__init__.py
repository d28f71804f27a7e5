"""What is kept: records, drafts, submissions and sessions, sealed row by row. The engine itself is storage.sqlite."""

from storage.model import (
    BackupRefused,
    Doors,
    Draft,
    RecordFull,
    RecordNotFound,
    SealBroken,
    StorageError,
    Store,
    StoreBusy,
    StoreFull,
    StoreReadOnly,
    StoreRefused,
    StoreReplaced,
    Submission,
    SubmitKeyUsed,
    TooManyTries,
)

__all__ = [
    "BackupRefused",
    "Doors",
    "Draft",
    "RecordFull",
    "RecordNotFound",
    "SealBroken",
    "StorageError",
    "Store",
    "StoreBusy",
    "StoreFull",
    "StoreReadOnly",
    "StoreRefused",
    "StoreReplaced",
    "Submission",
    "SubmitKeyUsed",
    "TooManyTries",
]
