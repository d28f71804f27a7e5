"""How a server and its renderer talk: a kind and a length, then so many bytes."""

import struct

LENGTH = struct.Struct(">cI")
DONE, FAILED = b"d", b"f"
JPEG = "data:image/jpeg;base64,"
"""How a photo stands in the HTML: whole, so that the renderer fetches nothing."""
