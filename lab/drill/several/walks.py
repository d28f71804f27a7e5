"""What somebody without an account does, each request answered by another server; and what guessers do."""

import http.client
import json
import secrets
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise

from lab.drill.several.machines import Site
from lab.drill.several.over_the_wire import visitor_of
from storage.rows.codes import ALPHABET
from tests.tapping import Walker, code_of, link_of, press
from tests.visitor import Page
from tests.web_server import NAME

GUESSERS, GUESSING_SECONDS = 8, 3.0
FORGED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "gopher", "X-Forwarded-Host": "evil.example"}


class WentWrong(AssertionError):
    """What somebody met that must not be; the message says it."""


def expect(is_so: bool, what: str) -> None:
    """:raises WentWrong: it is not so"""
    if not is_so:
        raise WentWrong(what)


def spread(site: Site, before: int) -> str:
    """How many requests each server answered since, no two in a row. :raises WentWrong: they were not spread"""
    answered = [asked[-1] for asked in site.front.answered[before:]]
    in_a_row = sum(one == other for one, other in pairwise(answered))
    expect(not in_a_row, f"{in_a_row} requests went to the server of the one before")
    counts = Counter(answered)
    expect(len(counts) == len(site.machines), f"only {len(counts)} servers were asked")
    return " + ".join(str(each) for each in sorted(counts.values()))


def public_way(site: Site) -> None:
    """Answers, a plan, a tick, link and code, a share with its own tick, and everything erased with a receipt."""
    me = visitor_of(site.front)
    page = me.make_small_plan()
    expect(page.path in ("/plan", "/results"), f"no plan came of it, but {page.path}")
    me.open("/falls/unsteady-walking").send({"unsteady-walking": "yes"})
    page = press(me.open("/plan"), "/plan/tick", state="done")
    expect("1 of" in page.main, "the tick is not on the plan")
    keep = me.open("/keep").send({})
    for path, sent in ((link_of(keep), {}), ("/code", {"code": code_of(keep)})):
        other = visitor_of(site.front)
        expect(other.open(path).send(sent).path == "/plan", f"{path} does not lead to the plan")
        expect("1 of" in other.open("/plan").main, f"who came by {path} does not see the tick")
    share = me.open("/share").send({"name": "Ana"})
    ana = visitor_of(site.front)
    expect(ana.open(link_of(share)).send({}).path.startswith("/shared/"), "the share does not open")
    shared = share.path.replace("/share/", "/shared/")
    expect("by Ana." in press(ana.open(f"{shared}/plan"), "/tick", state="done").main, "Ana cannot tick")
    expect("by Ana." in me.open("/plan").main, "what Ana ticked is not on the plan")
    receipt = me.open("/erase").send({})
    expect(receipt.path == "/erased" and "1 plan" in receipt.main, "no receipt came")
    for gone, path in ((me, "/plan"), (other, "/plan"), (ana, f"{shared}/plan")):
        for _ in site.machines:
            expect(gone.client.get(path, base_url=gone.base_url).status_code in (404, 410), f"{path} is still there")


def walk_without_a_network(site: Site) -> None:
    """What a phone remembered comes in, is heard twice by two servers, and counts once; a form sent twice, too."""
    me = visitor_of(site.front)
    me.begin()
    walker = Walker(me)
    for _ in site.machines:
        walker.say((1, "floors-loose-rugs", "yes"), (2, "bath-no-grab-bars", "unsure"))
    me.open("/home/floors").send({"floors-loose-rugs": "no"})
    for _ in site.machines:
        walker.say((1, "floors-loose-rugs", "yes"))
    found = walker.state()["answers"]
    expect(found["floors-loose-rugs"] == "no", "what was heard long ago came back")
    expect(found["bath-no-grab-bars"] == "unsure", "what was remembered is not there")
    me.tick()
    me.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    me.see_plan()
    form = me.open("/plan/own").data({"title": "Call the landlord"})
    for _ in site.machines:
        me.post("/plan/own", form)
    notes = [each for each in site.store.list_ticks(me.record_id) if each.get("title")]
    expect(len(notes) == 1, f"a form that was sent {len(site.machines)} times is there {len(notes)} times")


def whom_it_sees(site: Site) -> None:
    """Scheme, host and address as nginx tells them, and from nobody else."""
    host = f"{NAME}:{site.front.port}"
    for number in range(2, 2 + 2 * len(site.machines)):
        _, seen = site.front.ask("/seen", headers=FORGED, source=f"127.0.0.{number}")
        expect(json.loads(seen) == [f"127.0.0.{number}", "https", host], f"behind nginx somebody is {seen}")
    for each in site.machines:
        stranger = each.place.stranger
        connection = http.client.HTTPConnection(
            each.place.host, each.place.port, timeout=20, source_address=(stranger, 0)
        )
        with closing(connection):
            connection.request("GET", "/seen", headers={**FORGED, "Host": NAME})
            seen = connection.getresponse().read().decode()
        expect(json.loads(seen) == [stranger, "http", NAME], f"a stranger passes for {seen}")


def wrong_codes_a_second(site: Site) -> float:
    """How many are answered to guessers who ask all servers at once, from the first question to the last answer."""
    pages = [visitor_of(site.front, f"127.0.3.{number + 1}").open("/code") for number in range(GUESSERS)]
    began = time.monotonic()

    def guess(page: Page) -> int:
        answered, me = 0, page.visitor
        while time.monotonic() < began + GUESSING_SECONDS:
            code = "".join(secrets.choice(ALPHABET) for _ in range(12))
            sent = me.client.post("/code", data=page.data({"code": code}), base_url=me.base_url)
            expect(sent.status_code == 422, "a guessed code was not refused as wrong")
            answered += 1
        return answered

    with ThreadPoolExecutor(GUESSERS) as threads:
        answered = sum(threads.map(guess, pages))
    return answered / (time.monotonic() - began)
