"""Whoever knocks at a port just before it closes: let in as well, or sent on to another server before they ask.

When a port closes, the system hangs up on those who knocked and were not let in yet. Their form may be half sent, and
a web server in front sends no form twice. So nobody new is let knock any more, first of all: the system leaves their
first packet unanswered (a filter of classic BPF on the socket), and the next, a second later, meets a closed port. Who
knocked before is let in and answered.
"""

import ctypes
import socket
import struct
import sys
from contextlib import suppress

_SO_ATTACH_FILTER = 26
_FLAGS_OF_TCP, _SYN, _SYN_OR_ACK = 13, 0x02, 0x12
_KEEP_ALL = 0xFFFFFFFF
_LOAD_BYTE, _AND, _SKIP_UNLESS_EQUAL, _RETURN = 0x30, 0x54, 0x15, 0x06
_NO_SYN = (
    (_LOAD_BYTE, 0, 0, _FLAGS_OF_TCP),
    (_AND, 0, 0, _SYN_OR_ACK),
    (_SKIP_UNLESS_EQUAL, 0, 1, _SYN),
    (_RETURN, 0, 0, 0),
    (_RETURN, 0, 0, _KEEP_ALL),
)
KNOCKING_SECONDS = 0.05
"""As long as somebody may take who has begun to knock."""


def keep_newcomers_out(listening: socket.socket) -> None:
    """For good, for all processes that listen there. Where no system knows how, a few may be hung up on."""
    if sys.platform != "linux":
        return
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in _NO_SYN))
    with suppress(OSError):
        listening.setsockopt(
            socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HP", len(_NO_SYN), ctypes.addressof(code))
        )
