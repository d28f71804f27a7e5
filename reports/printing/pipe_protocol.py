"""How a server and its child processes talk, a kind and a length, then so many bytes; and what a child does of it."""

import atexit
import os
import resource
import shutil
import signal
import struct
import sys
import tempfile
from collections.abc import Callable

LENGTH = struct.Struct(">cI")
COUNT = struct.Struct(">I")
DONE, FAILED = b"d", b"f"
ASK, KEEP, FORGET = b"a", b"k", b"x"
"""What a child is asked: to answer, to keep the answer for later, to let go of what it kept."""
LAY_OUT, DROP, BIND = b"l", b"r", b"b"
"""What a child of many papers is asked: to lay one out and hold it, to let go of the last, to make a file of all."""
JPEG, PNG = "data:image/jpeg;base64,", "data:image/png;base64,"
"""How a photo or a logo stands in the HTML: whole, so that the renderer fetches nothing."""
NICENESS = 5
"""Behind the pages, which get three times as much. At 19 it were seventy times: on a busy machine no paper came."""

Answer = tuple[bytes, bytes]


def begin_child(memory_bytes: int) -> None:
    """Yields to the pages, is bounded in memory, and keeps its files in the folder that the server named first."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    for each in (signal.SIGINT, signal.SIGTERM):  # which may be told to a whole service: the server then ends us
        signal.signal(each, signal.SIG_IGN)
    tempfile.tempdir = sys.argv[1]
    atexit.register(shutil.rmtree, sys.argv[1], ignore_errors=True)  # for when the server was killed


def answer_frames(answer: Callable[[bytes, bytes], Answer], tidy_up: Callable[[], object] = lambda: None) -> None:
    """Answers each frame, by its kind and what it holds, until the input ends.

    One that costs more processor time than the server allows ends the process. It is not the time on the clock, which
    passes on a busy machine without anything being done.
    """
    frames_in, frames_out, seconds = sys.stdin.buffer, sys.stdout.buffer, float(sys.argv[2])
    while head := frames_in.read(LENGTH.size):
        asked, length = LENGTH.unpack(head)
        sent = frames_in.read(length)
        signal.setitimer(signal.ITIMER_PROF, seconds)  # SIGPROF, which nobody here catches
        kind, answered = answer(asked, sent)
        signal.setitimer(signal.ITIMER_PROF, 0)
        frames_out.write(LENGTH.pack(kind, len(answered)) + answered)
        frames_out.flush()
        tidy_up()
