"""Short pages of plain facts, and how all of this works."""

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from reports.words.numbers import numbers
from reports.words.speech import N_
from web.core.speaking import explained, spoken, wording
from web.core.speaking import gettext as _
from web.visitor.open_record import find_readable

pages = Blueprint("guides", __name__)
CHECKED = {
    "text": N_("we read its text or a copy"),
    "memory": N_("from knowledge, still to be checked"),
    "own": N_("our own rule"),
}


@pages.get("/guides/<guide_id>")
def guide(guide_id: str) -> str | Response:
    """One guide with its sources."""
    words = wording()
    known = words.definitions
    for each in known.guides.guides:
        if each.id == guide_id:
            worded = each.in_words(words.ringing)
            return render_template(
                "guides/guide.html",
                title=worded.title,
                lead=worded.lead,
                parts=worded.parts,
                sources=[words.cite(source) for source in each.source],
                others=[other for other in known.guides.guides if other.id != guide_id],
                words=explained((each.lead, *(text for part in each.parts for text in (*part.text, *part.points)))),
                has_record=find_readable() is not None,
            )
    abort(404)


@pages.get("/words")
def words_explained() -> str:
    """Every hard word with what it means."""
    glossary = spoken().glossary
    return render_template("guides/words.html", title=glossary.title, intro=glossary.intro, terms=glossary.terms)


@pages.get("/how-this-works")
def how_this_works() -> str:
    """The rules of every level, the order of the plan, the sources, and what is kept."""
    known = spoken()
    return render_template(
        "guides/how.html",
        checklists=known.checklists,
        ranking=known.actions.ranking.says,
        sources=[
            {"cite": wording().cite(each.id), "checked": _(CHECKED[each.checked])} for each in known.sources.sources
        ],
        guides=known.guides.guides,
        numbers=numbers(wording()),
        version=known.actions.version,
        content_hash=known.content_hash[:12],
        here=wording().region,
    )
