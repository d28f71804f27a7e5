"""HTML → PDF/UA and photos, in child processes that can be ended."""

import ctypes.util
import sys

_OF_WEASYPRINT = ("gobject", "pango", "harfbuzz", "fontconfig")
_find_library = ctypes.util.find_library


def _find_without_a_compiler(name: str) -> str | None:
    return None if name.removeprefix("lib").startswith(_OF_WEASYPRINT) else _find_library(name)


# WeasyPrint asks for its libraries by the names that other systems have, too. On Linux the search for each of them
# starts a compiler and a linker: 200 programs, a third of what a renderer needs to begin. The names of Linux need none.
if sys.platform == "linux":
    ctypes.util.find_library = _find_without_a_compiler
