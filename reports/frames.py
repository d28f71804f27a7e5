"""How a server and its renderer talk: a kind and a length, then so many bytes."""

import struct

LENGTH = struct.Struct(">cI")
DONE, FAILED = b"d", b"f"
