"""Whether a colour can be read on white, and one of its kind that can: WCAG 2.2, contrast of at least 7 to 1."""

CONTRAST = 7.0


def contrast_on_white(color: str) -> float:
    """From 1 for white to 21 for black; `color` is written as #RRGGBB."""
    return 1.05 / (_luminance(_parts(color)) + 0.05)


def darker(color: str) -> str:
    """The same colour, only as dark as it must be."""
    parts = _parts(color)
    for share in range(100, -1, -1):
        found = "#" + "".join(f"{part * share // 100:02X}" for part in parts)
        if contrast_on_white(found) >= CONTRAST:
            return found
    return "#000000"


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(parts: tuple[int, int, int]) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
