"""A file that others read from its beginning again, and that nobody closes: standard input can be looked at first."""

import io
from typing import IO


class PeekedFile(io.RawIOBase):
    """The bytes that were read already, then the rest of the file, as they come."""

    def __init__(self, file: IO[bytes], head: bytes = b"") -> None:
        self.file, self.head = file, head

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As much as is there, so that nobody waits for people who come later."""
        size = len(buffer)
        if self.head:
            data, self.head = self.head[:size], self.head[size:]
        else:
            data = getattr(self.file, "read1", self.file.read)(size)
        buffer[: len(data)] = data
        return len(data)
