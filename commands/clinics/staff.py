"""flask staff add: who signs in at a clinic. It prints a link that opens once, and can be typed again."""

from dataclasses import replace

import click
from flask.cli import AppGroup

from checklists.people.plain_text import plain
from commands.clinics.clinic import in_store, named
from storage.clinics.model import ROLES, Clinic, Role, Staff
from storage.clinics.protocol import StoreWithClinics
from storage.time_limits import SET_UP
from web.clinic.managing.checking import BadClinic
from web.clinic.signing_in.setting_up import new_link

MOST_LETTERS = 80

staff = AppGroup("staff", help="Who signs in at a clinic.")


@staff.command("add")
@click.option("--clinic", "clinic_name", help="Which clinic; needed where there is more than one.")
@click.option("--name", required=True, help="What they sign in with: an e-mail address, or a name.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they may do.")
@click.option("--called", default="", help="What they are called in the log and on their pages.")
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="How browsers reach the app.")
@click.option("--new-link", "renew", is_flag=True, help="Put out the password and digits of before, and make a link.")
def add(clinic_name: str | None, name: str, role: Role, called: str, address: str, renew: bool) -> None:
    """Let somebody sign in at a clinic, and print the link by which they choose a password.

    Typed again, it changes the role and what they are called, and makes another link where they have no password yet.
    """

    def go(all_clinics: StoreWithClinics) -> None:
        clinic = named(all_clinics, clinic_name)
        signs_in_as, shown = _typed("--name", name), _typed("--called", called)
        if not signs_in_as:
            raise BadClinic("--name is empty: write an e-mail address or a name")
        before = all_clinics.find_staff(signs_in_as)
        if before and before.clinic_id != clinic.clinic_id:
            raise BadClinic(f'somebody of another clinic signs in as "{signs_in_as}": choose another name')
        if before:
            found = _changed(all_clinics, clinic, before, role, shown)
        else:
            found = all_clinics.clinic(clinic.clinic_id).add_staff(signs_in_as, role, shown)
        click.echo(f"{'Changed' if before else 'Added'} {found.name}: {found.role} at {clinic.name}.")
        if renew or not found.password:
            path = new_link(clinic.clinic_id, found.staff_id)
            click.echo(f"Within {SET_UP.days} days they open this link once, and choose a password:")
            click.echo(f"  {address.rstrip('/')}{path}")
        else:
            click.echo("They have a password already. For a new link add --new-link.")

    in_store(go)


def _typed(option: str, typed: str) -> str:
    text = plain(typed)
    if len(text) > MOST_LETTERS:
        raise BadClinic(f"{option}: use at most {MOST_LETTERS} letters; there are {len(text)} now")
    return text


def _changed(all_clinics: StoreWithClinics, clinic: Clinic, before: Staff, role: Role, shown: str) -> Staff:
    return all_clinics.clinic(clinic.clinic_id).change_staff(
        before.staff_id, lambda found: replace(found, role=role, shown=shown or found.shown)
    )
