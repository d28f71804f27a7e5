"""`./run drawings`: every drawing at 48 and 96 pixels on each ground and as paper has it, into instance/drawings/."""

import os
from base64 import b64encode

from playwright.sync_api import Browser, sync_playwright

from reports.printing.drawings import printed_drawings
from web.core.drawings import FOLDER, drawn
from web.core.settings import ROOT

GROUNDS = ("light", "dark", "contrast", "paper")
SIZES = (48, 96)
PAGE = """<!DOCTYPE html><html lang="en" data-theme="{ground}"><title>Drawings</title><style>{css}
html {{ font-size: 11px }} body {{ margin: 8px; display: grid; gap: 8px;
grid-template-columns: repeat(auto-fill, {wide}px) }}
figure {{ margin: 0; overflow-wrap: anywhere }} .drawing, img {{ width: {size}px; max-width: none; border-radius: 0 }}
</style>{figures}"""


def main() -> int:
    """Draws one sheet for each ground and size."""
    folder = ROOT / "instance" / "drawings"
    folder.mkdir(parents=True, exist_ok=True)
    path = os.environ.get("FIRM_FOOTING_BROWSER", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for ground in GROUNDS:
            for size in SIZES:
                sheet = folder / f"{ground}-{size}.png"
                sheet.write_bytes(_sheet(browser, ground, size))
                print(sheet.relative_to(ROOT))
        browser.close()
    return 0


def _sheet(browser: Browser, ground: str, size: int) -> bytes:
    printed = printed_drawings()
    figures = []
    for name in sorted(drawn()):
        if ground == "paper":
            source = b64encode(printed[f"{name}.svg"]).decode()
            shown = f'<img src="data:image/svg+xml;base64,{source}" alt="">'
        else:
            shown = f'<span class="drawing">{(ROOT / FOLDER / f"{name}.svg").read_text("utf-8")}</span>'
        figures.append(f"<figure>{shown}<figcaption>{name}</figcaption></figure>")
    css = (ROOT / "static/site.css").read_text("utf-8")
    page = browser.new_page(viewport={"width": 1320, "height": 400}, color_scheme="light")
    html = PAGE.format(ground=ground, css=css, size=size, wide=max(size, 76) + 8, figures="".join(figures))
    page.set_content(html)
    found: bytes = page.screenshot(full_page=True)
    page.close()
    return found


if __name__ == "__main__":
    raise SystemExit(main())
