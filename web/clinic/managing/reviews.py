"""Which clinicians have signed which words: a manager records it, and sees which change has undone it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.review.reviewers import PartStanding, SignedReview, changed_entries, standing_of_parts
from reports.words.speech import N_
from storage.clinics.model import Clinic
from web.clinic.at_work import at_work, clinic_day, clinic_store, note
from web.clinic.signing_in.locking import typed_at_work
from web.core.free_text import problem, typed
from web.core.settings import definitions
from web.core.speaking import gettext as _
from web.core.speaking import language, name_of, wording
from web.core.stores import store
from web.visitor.stored_plan import content_of

pages = Blueprint("reviews", __name__)
MOST_LETTERS = 60
LONGEST = timedelta(days=3 * 366)
ENTRIES_SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class PartRow:
    """A part of the book as the page shows it."""

    title: str
    says: str
    changed: tuple[str, ...] = ()
    more: int = 0


IN_ENGLISH = {"safety": N_("Who must not be told what"), "sources": N_("Where this comes from")}
"""Parts that no translation of the definitions holds."""


@pages.get("/clinic/reviews")
def show() -> str:
    """Every part with who signed it, and a form for the next signature."""
    before = typed_at_work()
    return _page(before.get("by", "") if before else "", before.get("until", "") if before else "", [], {})


@pages.post("/clinic/reviews")
def record() -> Response | tuple[str, int]:
    """Keeps who has signed the parts that are ticked, as they are now."""
    by, until, chosen = typed(request.form, "by"), request.form.get("until", ""), request.form.getlist("parts")
    faults = _faults(by, until, chosen)
    if faults:
        return _page(by, until, chosen, faults), 422
    known = definitions()
    store().keep_content(known.content_hash, known.as_json)
    signed = [
        SignedReview(
            part=each.part.id,
            language=language(),
            by=by,
            on=clinic_day(),
            until=date.fromisoformat(until),
            mark=each.part.mark,
            content_hash=known.content_hash,
        )
        for each in _standings()
        if each.part.id in chosen
    ]
    clinic_store().change(lambda clinic: _with(clinic, signed))
    note("recorded-review", says=f"{language()}: {', '.join(each.part for each in signed)}")
    return redirect(url_for("reviews.show"), 303)


def _with(clinic: Clinic, signed: Collection[SignedReview]) -> Clinic:
    """The new ones take the place of those of the same part and language."""
    anew = {(each.part, each.language) for each in signed}
    return replace(
        clinic, reviews=(*(each for each in clinic.reviews if (each.part, each.language) not in anew), *signed)
    )


def _faults(by: str, until: str, chosen: Collection[str]) -> dict[str, str]:
    found = {
        "by": problem(by, MOST_LETTERS) if by else _("Write the name and profession of who signed."),
        "until": _fault_of_day(until),
        "parts": "" if set(chosen) & {each.part.id for each in _standings()} else _("Tick what was signed."),
    }
    return {name: says for name, says in found.items() if says}


def _fault_of_day(until: str) -> str:
    try:
        day = date.fromisoformat(until)
    except ValueError:
        return _("Write the last day for which it holds as year, month and day, like %(day)s.", day="2027-11-30")
    if not clinic_day() < day <= clinic_day() + LONGEST:
        return _("Choose a day after today and within three years.")
    return ""


def _standings() -> tuple[PartStanding, ...]:
    return standing_of_parts(definitions(), language(), at_work()[1].reviews, clinic_day())


def _rows() -> Iterator[PartRow]:
    for each in _standings():
        review, day = each.review, wording().day
        if review is None:
            yield PartRow(title=_title(each), says=_("Nobody has signed it."))
        elif each.holds:
            says = _("Signed by %(by)s, until %(day)s.", by=review.by, day=day(review.until))
            yield PartRow(title=_title(each), says=says)
        elif review.mark == each.part.mark:
            says = _("Signed by %(by)s; that ended on %(day)s.", by=review.by, day=day(review.until))
            yield PartRow(title=_title(each), says=says)
        else:
            changed = changed_entries(each.part, content_of(review.content_hash))
            says = _("Changed since %(by)s signed it on %(day)s:", by=review.by, day=day(review.on))
            more = max(len(changed) - ENTRIES_SHOWN, 0)
            yield PartRow(title=_title(each), says=says, changed=changed[:ENTRIES_SHOWN], more=more)


def _page(by: str, until: str, chosen: Collection[str], faults: dict[str, str]) -> str:
    parts = [{"value": each.part.id, "label": _title(each), "checked": each.part.id in chosen} for each in _standings()]
    return render_template(
        "clinic/managing/reviews.html",
        rows=list(_rows()),
        language=name_of(language()),
        command=f"flask checklists book --out book.pdf --lang {language()}",
        parts=parts,
        shown={"by": by, "until": until},
        faults=faults,
        problems=[{"field": name, "text": says} for name, says in faults.items()],
        reviewers=wording().reviewers,
    )


def _title(standing: PartStanding) -> str:
    return _(IN_ENGLISH[standing.part.id]) if standing.part.id in IN_ENGLISH else standing.part.title
