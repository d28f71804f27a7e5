"""What is kept: records, drafts, submissions and sessions, sealed row by row."""

from storage.model import (
    Draft,
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
from storage.sqlite import SqliteStore, open_store

__all__ = [
    "Draft",
    "RecordNotFound",
    "SealBroken",
    "SqliteStore",
    "StorageError",
    "Store",
    "StoreBusy",
    "StoreFull",
    "StoreReadOnly",
    "StoreRefused",
    "Submission",
    "SubmitKeyUsed",
    "open_store",
]
