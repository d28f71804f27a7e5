"""What every page owes, whatever it is about: valid HTML, names, headers, and no words that are forbidden."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from xml.etree.ElementTree import XML, Element, TreeBuilder, XMLParser

import markupever
from werkzeug.test import TestResponse

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
CSP_OF_THE_WALK = CSP.replace("img-src 'self'", "img-src 'self' blob:")
"""It shows a photo before it is sent."""
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
REFERS = ("for", "aria-labelledby", "aria-describedby")
LINKS = ("href", "src", "action", "formaction")
UNREAD = ("script", "style", "template")
LONG, CAPITAL, ID = re.compile(r"(?<![\w.-])[\w.-]{20,}"), re.compile("[A-Z]"), re.compile("[0-9a-f]{32}")
MARK, MARKED = "\ue000{}\ue001", re.compile("\ue000(\\d+)\ue001")
NOSCRIPT = re.compile("</?noscript>")
NAMESPACE = re.compile(' :?xmlns="[^"]*"')
SVG = "http://www.w3.org/2000/svg"
TAG = re.compile(r'<[^\s<>/]+(?: [^\s="<>]+="[^"]*")+>')
UNFILLED = re.compile(r"\{[a-z_]+\}|%\([a-z_]+\)s")
"""A place in a text that nobody filled in, such as the emergency number."""
INLINE = ("a", "b", "span", "strong")
found_in_order: Path | None = None
"""Where the processes of one run leave for each other what they judged (conftest.py); without it each judges alone."""


def check_headers(response: TestResponse, *, stored: bool = False) -> None:
    """The headers of every response; `stored` for files that the browser may keep."""
    expected = HEADERS | ({"Content-Security-Policy": CSP_OF_THE_WALK} if response.request.path == "/walk" else {})
    for name, value in expected.items():
        assert response.headers.get(name) == value, f"{response.request.path}: {name}"
    assert stored or response.headers.get("Cache-Control") == "no-store"
    for cookie in response.headers.getlist("Set-Cookie"):
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie


def as_xml(html: str) -> str:
    """The page as XML, as a browser's own parser reads it where scripts are off; fails with all that it has to forgive."""
    parser = markupever.Parser(markupever.HtmlOptions(exact_errors=True, drop_doctype=True))
    parser.process(NOSCRIPT.sub("", html))
    parser.finish()
    assert parser.errors() == [], "not valid HTML"
    whole: str = parser.into_dom().serialize(is_html=False)
    return TAG.sub(_as_xml_has_it, NAMESPACE.sub("", whole))


def _as_xml_has_it(tag: re.Match[str]) -> str:
    """The library leaves in values what only HTML may have there, and says of few drawings that they are one."""
    written = "<" + tag[0][1:].replace("<", "&lt;").replace("\n", "&#10;")
    return written.replace("<svg ", f'<svg xmlns="{SVG}" ', 1) if written.startswith("<svg ") else written


def parse(html: str) -> Element:
    """The page's tree, or all that a browser has to forgive in it."""
    return read_xml(as_xml(html))


def read_xml(text: str) -> Element:
    return XML(text, parser=XMLParser(target=TreeBuilder(insert_comments=True)))


def check_page(html: str) -> Element:
    """The tree of a page on which nothing is wrong that can be seen from its HTML alone."""
    secrets: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        if found[0] not in secrets:
            secrets.append(found[0])
        return MARK.format(secrets.index(found[0]))

    xml = checked(without_secrets(html, put_aside))
    return read_xml(MARKED.sub(lambda mark: secrets[int(mark[1])], xml))


def without_secrets(text: str, instead: Callable[[re.Match[str]], str]) -> str:
    """What is drawn by lot, a token or an id, is replaced: pages that differ in nothing else are checked once.

    In two steps: one pattern for both takes twice as long, which was more than to read the page's tree.
    """
    return LONG.sub(lambda found: instead(found) if CAPITAL.search(found[0]) else ID.sub(instead, found[0]), text)


@lru_cache(maxsize=400)
def checked(html: str) -> str:
    """A page that differs from others by more than its secrets, as XML, which is read far quicker than HTML.

    What one process of a run found in order is so for the others too.
    """
    file = found_in_order and found_in_order / sha256(html.encode()).hexdigest()
    if file and file.exists():
        return file.read_text(encoding="utf-8")
    xml = as_xml(html)
    judge(read_xml(xml))
    if file:
        with suppress(OSError):  # a test of a full disk may be the first that meets this page
            part = file.with_suffix(f".{os.getpid()}")
            part.write_text(xml, encoding="utf-8")
            part.replace(file)
    return xml


def judge(tree: Element) -> None:
    check_frame(tree)
    check_ids(tree)
    check_names(tree)
    check_nothing_inline(tree)
    check_forms(tree)
    text = text_of(one(tree, "body"))
    assert "you have" not in text.lower()
    assert UNFILLED.findall(text) == []


def check_frame(tree: Element) -> None:
    assert tree.get("lang") in ("en", "es")
    assert text_of(one(tree, "h1"))
    one(tree, "main")
    has_error = any({"error", "problem"} & classes(each) for each in tree.iter())
    title = text_of(one(tree, "title"))
    assert title
    assert title.startswith("Error: ") == has_error, title


def check_ids(tree: Element) -> None:
    count = Counter(each.get("id") for each in tree.iter() if each.get("id") is not None)
    assert [each for each, times in count.items() if times > 1] == []
    for each in tree.iter():
        for name in REFERS:
            assert set((each.get(name) or "").split()) <= set(count), f"{name}={each.get(name)}"
        fragment = (each.get("href") or "").partition("#")
        assert fragment[0] or not fragment[2] or fragment[2] in count, each.get("href")


def check_names(tree: Element) -> None:
    """Every field has a label, every group of fields a name, every link and button words."""
    labels = {each.get("for"): text_of(each) for each in tree.iter("label")}
    for field in fields(tree):
        assert labels.get(field.get("id")) or field.get("aria-labelledby"), f"no label: {field.attrib}"
    for group in tree.iter("fieldset"):
        assert group[0].tag == "legend"
        assert text_of(group[0])
    grouped = {id(field) for group in tree.iter("fieldset") for field in group.iter("input")}
    alone = [each.get("name") for each in fields(tree) if each.get("type") == "radio" and id(each) not in grouped]
    assert alone == []
    for each in tree.iter():
        if each.get("role") in ("group", "img") or each.tag in ("section", "nav"):
            assert each.get("aria-labelledby") or each.get("aria-label") or "warning" in classes(each), each.attrib
        if each.tag in ("a", "button", "summary"):
            assert text_of(each), each.attrib


def check_nothing_inline(tree: Element) -> None:
    for each in tree.iter():
        assert each.tag != "style"
        assert each.tag != "script" or (each.get("src") and not each.text)
        for name, value in each.attrib.items():
            assert not name.startswith("on"), f"{each.tag} {name}"
            assert name != "style", each.tag
            if name in LINKS:
                assert value.startswith(("/", "#", "?", "tel:")), f"{each.tag} {name}={value}"
                assert not value.startswith("//")


def check_forms(tree: Element) -> None:
    for form in tree.iter("form"):
        if form.get("method") == "post":
            names = {each.get("name") for each in form.iter("input") if each.get("type") == "hidden"}
            assert "csrf_token" in names


def fields(tree: Element) -> Iterator[Element]:
    """Every field that a person can see."""
    for each in tree.iter():
        if each.tag in ("input", "select", "textarea") and each.get("type") != "hidden":
            yield each


def one(tree: Element, tag: str) -> Element:
    """The only element with that tag."""
    (found,) = tree.iter(tag)
    return found


def classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())


def text_of(element: Element) -> str:
    """The words of an element as they are read, with single spaces."""
    texts: list[str] = []
    _gather(element, texts)
    return " ".join("".join(texts).split())


def _gather(element: Element, texts: list[str]) -> None:
    if isinstance(element.tag, str) and element.tag not in UNREAD:
        space = "" if element.tag in INLINE else " "
        texts.append(space + (element.text or ""))
        for child in element:
            if child.get("hidden") is None:
                _gather(child, texts)
            texts.append(child.tail or "")
        texts.append(space)
