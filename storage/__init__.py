"""What is kept: records, drafts, submissions and sessions, sealed row by row. The engine itself is storage.sqlite."""

from storage.model import (
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
)

__all__ = [
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
]
