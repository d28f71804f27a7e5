"""Who may do what at a clinic: one row for every address under /clinic. An address without a row does not start."""

from collections.abc import Mapping

from flask import Flask
from werkzeug.routing import Rule

from storage.clinics.model import ROLES, Role

Who = tuple[Role, ...]

NOBODY_YET: Who = ()
"""Also who has not signed in."""
ALL: Who = ROLES
MANAGER: Who = ("manager",)
RESULTS: Who = ("clinician", "manager")
"""Who may see what people answered."""

MAY: Mapping[str, Who] = {
    # signing in
    "signing_in.sign_in": NOBODY_YET,
    "signing_in.check": NOBODY_YET,
    "signing_in.code": NOBODY_YET,
    "signing_in.check_code": NOBODY_YET,
    "signing_in.sign_out": NOBODY_YET,
    "single_sign_on.begin": NOBODY_YET,
    "single_sign_on.back": NOBODY_YET,
    "locking.lock": NOBODY_YET,
    "locking.locked": NOBODY_YET,
    "locking.unlock": NOBODY_YET,
    "setting_up.set_up": NOBODY_YET,
    "setting_up.choose_password": NOBODY_YET,
    # one's own way in
    "own_sign_in.own": ALL,
    "own_sign_in.change_password": ALL,
    "own_sign_in.authenticator": ALL,
    "own_sign_in.picture": ALL,
    "own_sign_in.begin_authenticator": ALL,
    "own_sign_in.end_authenticator": ALL,
    "own_sign_in.renew_codes": ALL,
    "single_sign_on.connect": ALL,
    "single_sign_on.disconnect": ALL,
    # the clinic
    "at_work.start": ALL,
    # paper for many
    "print_day.ask": ALL,
    "print_day.order": ALL,
    "print_day.files": ALL,
    "print_day.file": ALL,
    "print_day.stop": ALL,
    "print_day.again": ALL,
    # the table of a clinic
    "tables.ask": ALL,
    "tables.send": ALL,
    "tables.empty": ALL,
    "tables.remove": ALL,
    "one_table.show": ALL,
    "one_table.mend": ALL,
    "table_printing.ask": ALL,
    "table_printing.order": ALL,
    # the month
    "month.show": RESULTS,
    "month.csv": RESULTS,
    "the_clinic.logo": ALL,
    "the_clinic.settings": MANAGER,
    "the_clinic.change": MANAGER,
    "the_clinic.send_logo": MANAGER,
    "services.services": MANAGER,
    "services.add": MANAGER,
    "services.remove": MANAGER,
    "staff.staff": MANAGER,
    "staff.new": MANAGER,
    "staff.add": MANAGER,
    "staff.one": MANAGER,
    "staff.change": MANAGER,
    "staff.stop": MANAGER,
    "staff.allow": MANAGER,
    "staff.reset": MANAGER,
    "audit_log.log": MANAGER,
    "reviews.show": MANAGER,
    "reviews.record": MANAGER,
    # the list, and how somebody begins
    "today.people": ALL,
    "today.new": ALL,
    "today.add": ALL,
    "person.show": ALL,
    "person.change": ALL,
    "person.keep_change": ALL,
    "person.remove": ALL,
    "person.plan_pdf": ALL,
    "handing_over.hand_over": ALL,
    "handing_over.show_square": ALL,
    "from_paper.begin": ALL,
    "papers.slip": ALL,
    "papers.letter": ALL,
    "papers.poster": ALL,
    # what came out
    "person.spoken": RESULTS,
    "person.fhir": RESULTS,
    "measuring.form": RESULTS,
    "measuring.keep": RESULTS,
    "steps.step": RESULTS,
    "steps.keep": RESULTS,
    "steps.new": RESULTS,
    "steps.add": RESULTS,
}
BEFORE_AUTHENTICATOR = frozenset(
    {"own_sign_in.authenticator", "own_sign_in.picture", "own_sign_in.begin_authenticator"}
)
"""What a manager may open who has no authenticator yet."""
MUST_HAVE_AUTHENTICATOR: Who = MANAGER


class NoRoleDeclared(Exception):
    """An address under /clinic of which nobody said who may open it, or a row that is no address."""


def is_of_clinic(rule: Rule) -> bool:
    """Whether this address is for staff."""
    return rule.rule == "/clinic" or rule.rule.startswith("/clinic/")


def check(app: Flask, may: Mapping[str, Who] = MAY) -> None:
    """:raises NoRoleDeclared: the app does not start"""
    found = {rule.endpoint for rule in app.url_map.iter_rules() if is_of_clinic(rule)}
    if missing := sorted(found - may.keys()):
        raise NoRoleDeclared(f"say in web/clinic/roles.py who may open {', '.join(missing)}")
    if unknown := sorted(may.keys() - found):
        raise NoRoleDeclared(f"web/clinic/roles.py names what is no address under /clinic: {', '.join(unknown)}")
