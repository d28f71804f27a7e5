"""Short pages of plain facts, and how all of this works."""

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from reports.words import ringing
from web.opened import find_readable
from web.settings import definitions, region

pages = Blueprint("guides", __name__)
CHECKED = {
    "text": "we read its text or a copy",
    "memory": "from knowledge, still to be checked",
    "own": "our own rule",
}


@pages.get("/guides/<guide_id>")
def guide(guide_id: str) -> str | Response:
    """One guide with its sources."""
    known, here = definitions(), region()
    for each in known.guides.guides:
        if each.id == guide_id:
            return render_template(
                "guides/guide.html",
                title=each.title,
                lead=ringing(each.lead, here),
                parts=[
                    {
                        "heading": part.heading or "",
                        "text": [ringing(text, here) for text in part.text],
                        "points": [ringing(text, here) for text in part.points],
                    }
                    for part in each.parts
                ],
                sources=[known.source_of[source].cite for source in each.source],
                others=[other for other in known.guides.guides if other.id != guide_id],
                has_record=find_readable() is not None,
            )
    abort(404)


@pages.get("/how-this-works")
def how_this_works() -> str:
    """The rules of every level, the order of the plan, the sources, and what is kept."""
    known = definitions()
    return render_template(
        "guides/how.html",
        checklists=known.checklists,
        ranking=known.actions.ranking.says,
        sources=[{"cite": each.cite, "checked": CHECKED[each.checked]} for each in known.sources.sources],
        guides=known.guides.guides,
        version=known.actions.version,
        content_hash=known.content_hash[:12],
        here=region(),
    )
