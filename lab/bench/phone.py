"""A slow phone: how soon a question is read, how soon a tap is answered, and what Lighthouse says.

Its processor is four times slower than this machine's. "Slow 4G" has two meanings, and both are measured: Lighthouse's,
for a page that is the first one ever, nothing of it kept; and the developer tools' far slower one, for a page that
follows another, its style and fonts kept from there.
"""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from checklists import load_definitions
from lab.bench.figures import Figure
from storage.sqlite.engine import open_store
from tests.browser.conftest import ARGUMENTS, serving
from tests.browser.phone import Phone
from tests.browser.seeds import MODERATE, Seeds

BROWSER = os.environ.get("FIRM_FOOTING_BROWSER", "/usr/bin/chromium")
TOOLS = Path(__file__).parent.parent.parent / ".venv" / "lighthouse"
LIGHTHOUSE = "lighthouse@12.8.2"  # the last that runs on Node.js 20
JUDGED = {
    "start": "/",
    "question": "/falls/holds-furniture",
    "room": "/home/bathroom",
    "results": "/results",
    "plan": "/plan",
}
LIMITS = {"accessibility": 100, "best-practices": 100, "performance": 98}
MOBILE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
LIGHTHOUSE_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
DEVTOOLS_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 1.44e6 / 8, "uploadThroughput": 0.675e6 / 8}
# What the page itself noted: when its largest text was painted, what moved, and how long the slowest tap took. The
# browser tells of them when it has nothing else to do; what is wanted is waited for.
NOTED = """wanted => new Promise(done => {
  const noted = {text: 0, shift: 0, tap: 0};
  const watch = (type, note, options) =>
    new PerformanceObserver(list => list.getEntries().forEach(note)).observe({type, buffered: true, ...options});
  watch('largest-contentful-paint', each => { noted.text = each.startTime });
  watch('layout-shift', each => { noted.shift += each.hadRecentInput ? 0 : each.value });
  watch('event', each => { noted.tap = Math.max(noted.tap, each.duration) }, {durationThreshold: 16});
  watch('first-input', each => { noted.tap = Math.max(noted.tap, each.duration) });
  const last = performance.now() + 2000;
  const look = () => noted[wanted] || performance.now() > last ? done(noted) : setTimeout(look, 50);
  document.fonts.ready.then(() => requestAnimationFrame(() => setTimeout(look, 150)));
})"""

ANSWERS = ".reply:visible, .answer label:visible, input.number:visible"
STAY = "() => addEventListener('submit', each => each.preventDefault())"  # else the page is gone with what it noted


def measure() -> list[Figure]:
    """Every question on a slow phone, then five pages under Lighthouse's own eyes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(serving(folder))
        seeds = Seeds(open_store(folder, folder), load_definitions())
        stack.callback(seeds.store.close)
        browser = stack.enter_context(open_browser())
        return [
            *_slow_phone(browser, url, seeds, network=LIGHTHOUSE_4G, first=True),
            *_slow_phone(browser, url, seeds, network=DEVTOOLS_4G, first=False),
            *_judged(browser, url, seeds),
        ]


@contextmanager
def open_browser(path: str = BROWSER) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


def _slow_phone(browser: Browser, url: str, seeds: Seeds, *, network: dict[str, float], first: bool) -> list[Figure]:
    """The slowest of all pages with a question; main text: its largest block, the question itself."""
    context = browser.new_context(base_url=url, **MOBILE)
    phone = Phone(context)
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    note(phone, "/for-whom")  # a browser that has only just begun takes half a second over its first tap
    devtools = context.new_cdp_session(phone.page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": first})
    devtools.send("Network.emulateNetworkConditions", network)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    noted = [note(phone, path) for path in _paths(seeds)]
    context.close()
    texts, taps, shifts = zip(*noted, strict=True)
    which = "first page ever" if first else "next page, slower network"
    return [
        Figure(name=f"main text, {which}, slowest of {len(noted)}", value=max(texts) / 1000, unit="s", limit=1.5),
        Figure(name=f"main text, {which}, median", value=statistics.median(texts) / 1000, unit="s", limit=1.5),
        Figure(name=f"a tap on an answer, {which}, slowest", value=max(taps), unit="ms", limit=200),
        Figure(name=f"layout shift, {which}, worst", value=max(shifts), limit=0),
    ]


def note(phone: Phone, path: str) -> tuple[float, float, float]:
    """Milliseconds to the main text, milliseconds for a tap, and the layout shift, of one page."""
    for _ in range(3):  # now and then the browser tells of nothing, however long one waits
        phone.open(path)
        before = phone.page.evaluate(NOTED, "text")
        phone.page.evaluate(STAY)
        phone.page.locator(ANSWERS).first.tap()
        after = phone.page.evaluate(NOTED, "tap")
        if before["text"] and after["tap"]:
            return before["text"], after["tap"], max(before["shift"], after["shift"])
    raise RuntimeError(f"{path} noted no text or no tap")


def _paths(seeds: Seeds) -> list[str]:
    """Every page of the app that asks something."""
    definitions = seeds.definitions
    shown = [
        f"/{name}/{question.link_id}"
        for name in ("about", "falls", "bone", "posture")
        for question in definitions.questions[name]
        if question.enable_when is None
    ]
    rooms = [f"/home/{section.id}" for section in definitions.checklist_of["home"].sections]
    return ["/for-whom", "/warning-signs/back", *shown, *rooms]


def _judged(browser: Browser, url: str, seeds: Seeds) -> list[Figure]:
    """Lighthouse's scores of five pages, out of 100, with its settings for a phone."""
    lighthouse = _lighthouse()
    context = browser.new_context(base_url=url, **MOBILE)
    phone = Phone(context)
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    phone.open("/see-my-plan")
    phone.press("save")
    cookie = next(each["value"] for each in context.cookies() if each["name"] == "ff")
    context.close()
    figures = []
    for name, path in JUDGED.items():
        found = _judge(lighthouse, url + path, cookie)
        if found["finalDisplayedUrl"] != url + path:
            raise RuntimeError(f"Lighthouse was led from {path} to {found['finalDisplayedUrl']}")
        for category, least in LIMITS.items():
            score = round(found["categories"][category]["score"] * 100)
            figures.append(Figure(name=f"Lighthouse, {name}, {category}", value=score, limit=least, at_least=True))
    return figures


def _judge(lighthouse: Path, url: str, cookie: str) -> dict[str, Any]:
    command = [
        str(lighthouse),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(LIMITS)}",
        f"--extra-headers={json.dumps({'Cookie': f'ff={cookie}'})}",
        "--chrome-flags=" + " ".join(("--headless=new", *ARGUMENTS)),
    ]
    for _ in range(2):  # a browser that does not start at once is not a slow page
        ran = subprocess.run(command, env={**os.environ, "CHROME_PATH": BROWSER}, capture_output=True, text=True)
        if ran.returncode == 0:
            break
    else:
        raise RuntimeError(f"Lighthouse stopped at {url}: {ran.stderr.strip()[-400:]}")
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def _lighthouse() -> Path:
    """Where Lighthouse is; npm fetches it once, into .venv. :raises FileNotFoundError: npm is not installed"""
    program = TOOLS / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        if shutil.which("npm") is None:
            raise FileNotFoundError("Lighthouse needs Node.js; install it: apt-get install nodejs npm")
        TOOLS.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(TOOLS), LIGHTHOUSE], check=True
        )
    return program
