"""What is kept: records, drafts, submissions and sessions, sealed row by row. The engine itself is storage.sqlite."""

from storage.model import (
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
    Submission,
    SubmitKeyUsed,
    TooManyTries,
)

__all__ = [
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
    "Submission",
    "SubmitKeyUsed",
    "TooManyTries",
]
