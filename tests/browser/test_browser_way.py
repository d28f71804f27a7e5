"""What ./run bench way counts, on pages of which every tap and word is known."""

import pytest
from playwright.sync_api import BrowserContext, Route

from lab.bench.walker import LISTS, Cost, Walker

NUMBER = '<form action="/results"><input name="age" type="text"><button class="button go">Save it</button></form>'
PAGES = {
    "/": '<h1>Two words</h1><a class="button go" href="/for-whom?way=falls">Falls</a>'
    '<a class="button" href="/for-whom">Everything</a><details><summary>More</summary><p>Not seen at all</p></details>',
    "/for-whom": '<form action="/falls/one"><label for="a">Me</label><label for="b">Her</label>'
    '<input type="radio" name="answering" id="a" value="self"><input type="radio" name="answering" id="b" value="helper">'
    '<button class="button go">Go on</button></form>',
    "/falls/one": '<form action="/review/falls"><button class="reply" name="fell" value="yes">Yes</button>'
    '<button class="reply" name="fell" value="no">No</button></form>',
    "/review/falls": '<a class="button go" href="/checklists">Go on</a><a class="button" href="/see-my-plan">Plan</a>',
    "/checklists": '<a href="/home/hall">Home</a>',
    "/home/hall": '<form action="/home/hall/2"><input type="radio" name="rug" value="yes" id="rug">'
    '<label for="rug">Rug</label><button class="button go" name="rest" value="fine">Fine</button></form>',
    "/home/hall/2": '<a class="button" href="/see-my-plan">Plan</a>',
    "/see-my-plan": NUMBER,
    "/results": '<p class="unseen">Hidden</p><a class="button go" href="/plan">Go</a>',
    "/plan": "<p>Done</p>",
}


def fulfill(route: Route) -> None:
    path = route.request.url.partition("://")[2].partition("/")[2].partition("?")[0]
    body = f"<!DOCTYPE html><body><main>{PAGES.get('/' + path, '')}</main><footer>Foot</footer>"
    route.fulfill(body=body, content_type="text/html")


@pytest.mark.parametrize(
    ("lists", "cost"),
    [
        # / 1 tap, for whom 2, fell 1, see my plan 1, age "72" 3 and save 1, results 1
        (("falls",), Cost(taps=10, pages=7, shown=18 + 7, to_read=18)),
        # and the list of home 2 taps, its rug 1 and the rest 1
        (("falls", "home"), Cost(taps=14, pages=10, shown=22 + 10, to_read=22)),
    ],
    ids=["falls", "falls and home"],
)
def test_a_tap_a_page_and_a_word_are_counted_once(context: BrowserContext, lists: tuple[str, ...], cost: Cost) -> None:
    context.route("**/*", fulfill)
    walker = Walker(context, {"fell": "no", "age": 72, "rug": "yes"}, lists)
    walker.set_out()
    assert walker.go_to_plan() == cost


def test_a_page_that_leads_nowhere_is_named(context: BrowserContext) -> None:
    context.route("**/*", lambda route: route.fulfill(body="<main>Nothing</main>", content_type="text/html"))
    walker = Walker(context, {}, LISTS)
    walker.set_out()
    with pytest.raises(RuntimeError, match=r"^/ leads nowhere$"):
        walker.go_to_plan()
