"""Print the day: for everybody on today's list or for codes that are typed in, and the files that come of it."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from storage.clinics.model import ClinicNotFound, Person
from storage.model import RecordNotFound
from storage.print_queue import ERASED, PrintJob
from storage.rows.codes import ALPHABET
from web.clinic.at_work import at_work, clinic_day, clinic_store, line, note
from web.clinic.desk.list_entry import ListEntry
from web.clinic.desk.on_the_list import people_in
from web.clinic.printing.choices import answers, choices, chosen_in, wanted_of
from web.clinic.printing.ordering import order_of, queue
from web.core.speaking import gettext as _
from web.core.speaking import ngettext, wording
from web.core.stores import store

pages = Blueprint("print_day", __name__)

MOST_PEOPLE = 500
MOST_TITLE = 60
_CODE = re.compile(f"[{ALPHABET}]+")


@pages.get("/clinic/print")
def ask() -> str:
    """Whose paper, and how."""
    return _form({}, "")


@pages.post("/clinic/print")
def order() -> Response | tuple[str, int]:
    """Puts it into the queue; codes that nobody has are named, and nothing is printed before they are right."""
    form = request.form
    people, unknown = _people()
    fault = ""
    if unknown:
        some = ", ".join(unknown[:10])
        fault = _("Nobody on your list has this code: %(codes)s. Mend it, or take it out.", codes=some)
    elif not people:
        fault = _("There is nobody to print for. Put people on the list of today, or type their codes.")
    elif len(people) > MOST_PEOPLE:
        fault = _("Print for at most %(most)s people at a time.", most=MOST_PEOPLE)
    if fault:
        return _form(chosen_in(form), fault), 422
    wanted = wanted_of(form)
    made, contents = order_of(people, wanted)
    queue(made, contents, wanted.clinic.clinic_id, wanted.options.printed_by)
    note("ordered-printing", says=_people_in_words(len(made.printed)))
    return redirect(url_for("print_day.files"), 303)


@pages.get("/clinic/print/files")
def files() -> str:
    """What is being made, and what is ready, the newest first."""
    jobs = store().list_print_jobs(at_work()[1].clinic_id)[::-1]
    return render_template(
        "clinic/printing/files.html",
        rows=[_row(each) for each in jobs],
        is_going_on=any(each.state in ("waiting", "running") for each in jobs),
    )


@pages.post("/clinic/print/files/<job_id>")
def file(job_id: str) -> Response:
    """One file, to print or to keep; whose plans are in it stand as printed, until something is answered anew."""
    clinic_id = at_work()[1].clinic_id
    found = next((each for each in store().list_print_jobs(clinic_id) if each.job_id == job_id), None)
    if found is None or found.state != "done":
        raise ClinicNotFound("this clinic has no such file")
    content = store().get_print_result(clinic_id, job_id)
    _mark_printed(found)
    is_zip = found.about["kind"] == "zip"
    response = current_app.response_class(content, content_type="application/zip" if is_zip else "application/pdf")
    name = f"plans-{found.about['part']}.{found.about['kind']}"
    response.headers["Content-Disposition"] = f'{"attachment" if is_zip else "inline"}; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post("/clinic/print/stop")
def stop() -> Response:
    """Takes a file away, made or not."""
    return _change(store().cancel_print_job, "cancelled-printing")


@pages.post("/clinic/print/again")
def again() -> Response:
    """Tries again to make one that did not come out."""
    return _change(store().retry_print_job, "ordered-printing")


def _mark_printed(job: PrintJob) -> None:
    clinic, printed = clinic_store(), people_in(job)
    of = {each["id"]: each["revision"] for each in printed}
    done = clinic.change_people({person_id: partial(_printed, revision) for person_id, revision in of.items()})
    lines = [line("printed-person", each) for each in done]
    clinic.note(*lines, line("printed-day", says=_people_in_words(job.about["people"])))


def _printed(revision: int, person: Person) -> Person:
    return replace(person, data={**person.data, "printed": revision})


def _people_in_words(count: int) -> str:
    return ngettext("%(num)s person", "%(num)s people", count)


def _change(verb: Any, did: Any) -> Response:
    try:
        verb(at_work()[1].clinic_id, request.form.get("job", ""))
    except RecordNotFound:
        return redirect(url_for("print_day.files"), 303)
    note(did)
    return redirect(url_for("print_day.files"), 303)


def _people() -> tuple[list[Person], list[str]]:
    """Whose paper is asked for, each once, and the codes that nobody has."""
    clinic = clinic_store()
    if request.form.get("who") != "codes":
        return sorted(clinic.list_people(clinic_day()), key=lambda each: ListEntry(each).time or "~"), []
    found: dict[str, Person] = {}
    unknown: list[str] = []
    for code in dict.fromkeys(_CODE.findall(request.form.get("codes", "").upper().replace("-", ""))):
        person = clinic.find_by_code(code) if len(found) <= MOST_PEOPLE else None
        if person is None:
            unknown.append(code)
        else:
            found[person.person_id] = person
    return list(found.values()), unknown


def _form(shown: dict[str, Any], fault: str) -> str:
    today = len(clinic_store().list_people(clinic_day()))
    on_list = ngettext("%(num)s person on the list of today", "%(num)s people on the list of today", today)
    who = (("today", on_list), ("codes", _("People whose codes I type")))
    return render_template(
        "clinic/printing/print_day.html",
        fault=fault,
        codes=shown.get("codes", ""),
        who=answers(who, [shown.get("who", "today")]),
        choices=choices(shown),
    )


def _row(job: PrintJob) -> dict[str, Any]:
    """One file as the list tells of it."""
    about = job.about
    says = {
        "waiting": _("Waiting."),
        "running": _("Being made: %(done)s of %(all)s.", done=job.progress, all=about["plans"]),
        "done": ngettext("Ready: %(num)s person.", "Ready: %(num)s people.", about.get("people", 0)),
        "needs-help": _("It could not be made. Try again, or tell whoever looks after this app."),
        "cancelled": _("Stopped."),
    }[job.state]
    if about.get(ERASED):
        says = _("Somebody in it has erased their answers. Print the others again.")
    return {
        "job_id": job.job_id,
        "title": about["title"],
        "part": _("Part %(part)s of %(parts)s", part=about["part"], parts=about["parts"]) if about["parts"] > 1 else "",
        "state": job.state,
        "is_pdf": about["kind"] == "pdf",
        "says": says,
        "not_made": len(about.get("not_made", ())),
        "held_back": about["held_back"],
        "of_list": bool(people_in(job)),
        "by": about["by"],
        "until": wording().day(job.expires),
        "done": job.progress,
        "all": about["plans"],
    }
