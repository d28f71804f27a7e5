"""What a file of one person is called, made safe for any disk."""

import re
import unicodedata

_LONGEST_NAME = 120  # bytes; a name of a file may have 255
_LETTERS = re.compile(r"\w+")


def file_name(line: int, label: str | None) -> str:
    """By line, and by what the clinic calls them."""
    safe = "-".join(_LETTERS.findall(unicodedata.normalize("NFC", label or "")))
    short = safe.encode()[:_LONGEST_NAME].decode(errors="ignore").rstrip("-")
    return f"line-{line}-{short}" if short else f"line-{line}"
