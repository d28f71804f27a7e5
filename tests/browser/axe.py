"""axe on a page: every rule on every page, and the colors of each kind of text on each ground once."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import CDPSession, Page

OF_SIGHT = ("link-in-text-block", "scrollable-region-focusable")
"""The rules that judge what is painted and where: another look of the same elements can break only these, and colors."""
COLORS = "color-contrast"
# Two texts are of one kind where all that the rule for colors goes by is the same: letters, every ground beneath them,
# what else is painted where they stand, and what they are in the page. A kind is its hash.
KINDS = """() => {
  const hash = words => {
    let one = 0xdeadbeef, two = 0x41c6ce57;
    for (let i = 0; i < words.length; i++) {
      const code = words.charCodeAt(i);
      one = Math.imul(one ^ code, 2654435761);
      two = Math.imul(two ^ code, 1597334677);
    }
    return 4294967296 * (2097151 & two) + (one >>> 0);
  };
  const media = ['(forced-colors: active)', '(prefers-color-scheme: dark)'].map(each => matchMedia(each).matches).join();
  const layers = new Map([[null, media]]), painted = [], texts = [];
  for (const each of document.querySelectorAll('html, body, body *')) {
    if (!each.checkVisibility()) continue;
    const style = getComputedStyle(each), ground = style.backgroundColor + style.backgroundImage;
    layers.set(each, hash([layers.get(each.parentElement), each.tagName, each.className, each.type, each.disabled,
      each.inert, each.ariaDisabled, each.ariaHidden, each.role, ground, style.opacity, style.filter, style.mixBlendMode,
      style.colorScheme].join('|')));
    if (ground !== 'rgba(0, 0, 0, 0)none') painted.push([each, each.getBoundingClientRect(), ground]);
    if (each.matches('input, select, textarea') || [...each.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
      texts.push([each, style]);
  }
  axe.kinds = new Map();
  for (const [text, style] of texts) {
    const box = text.getBoundingClientRect();
    const beside = painted.filter(([other, at]) => Math.min(at.right, box.right) - Math.max(at.left, box.left) > 1
      && Math.min(at.bottom, box.bottom) - Math.max(at.top, box.top) > 1 && !other.contains(text) && !text.contains(other));
    const kind = hash([layers.get(text), style.color, style.webkitTextFillColor, style.fontSize, style.fontWeight,
      style.textShadow, box.width > 1 && box.height > 1, ...new Set(beside.map(each => each[2]))].join('|'));
    if (axe.kinds.has(kind)) axe.kinds.get(kind).push(text);
    else axe.kinds.set(kind, [text]);
  }
  return [...axe.kinds.keys()];
}"""
# Only how many: what keeps a rule is not worked out, and where it is broken only once it is.
RULES = f"""async only => {{
  if (!window.axe) return null;
  const which = only ? {{runOnly: only}} : {{rules: {{'{COLORS}': {{enabled: false}}}}}};
  const found = await axe.run({{reporter: 'no-passes', selectors: false, ...which}});
  return [found.violations.length, ({KINDS})()];
}}"""
OF_KINDS = f"""async kinds => {{
  const include = kinds.flatMap(each => axe.kinds.get(each));
  return (await axe.run({{include}}, {{reporter: 'no-passes', selectors: false, runOnly: ['{COLORS}']}})).violations.length;
}}"""
EVERYTHING = "() => axe.run({reporter: 'no-passes'})"

judged: set[int] = set()
"""The kinds of text whose colors were looked at in this run, and are in order."""


def check_with_axe(page: Page, devtools: CDPSession, only: tuple[str, ...] | None = None) -> None:
    """Every rule, or of the others only these; colors always."""
    seen = page.evaluate(RULES, only)
    if seen is None:
        devtools.send("Runtime.evaluate", {"expression": AXE_SCRIPT})  # Playwright would read it twice
        seen = page.evaluate(RULES, only)
    broken, kinds = seen
    new = sorted(set(kinds) - judged)
    if broken or (new and page.evaluate(OF_KINDS, new)):
        raise AssertionError(f"{page.url}: {AxeResults(page.evaluate(EVERYTHING)).generate_report()}")
    judged.update(new)
