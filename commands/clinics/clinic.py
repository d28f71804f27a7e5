"""flask clinic create: the clinic that this installation is for, or one more. It can be typed again."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from storage import StorageError
from storage.clinics.model import Clinic
from storage.clinics.protocol import StoreWithClinics
from web.clinic.managing.checking import BadClinic, checked, read_logo, read_services
from web.core.settings import SettingError
from web.core.stores import close_store, store

clinic = AppGroup("clinic", help="Clinics that hand out plans.")


@clinic.command("create")
@click.option("--name", required=True, help="What the clinic is called; a clinic of this name is changed, not doubled.")
@click.option("--address", help="Its address, in one line.")
@click.option("--phone", help="The number that people call.")
@click.option("--logo", type=click.Path(dir_okay=False, path_type=Path), help="A picture: PNG or JPEG.")
@click.option("--zone", help="Its time zone, such as America/Los_Angeles.")
@click.option("--region", help="us or uk: the emergency numbers and the first units.")
@click.option("--page", help="letter or a4.")
@click.option("--languages", help="Such as en,es; the first is the usual one.")
@click.option("--lists", help="Such as falls,home: the checklists that somebody new is asked.")
@click.option("--service", "services", multiple=True, help='"NAME; HOW TO REACH IT; exercise,repairs"; once for each.')
def create(name: str, logo: Path | None, services: tuple[str, ...], **values: str | None) -> None:
    """Set up a clinic with its name, phone and logo; its staff then sign in at /clinic.

    What is left out stays as it was. Add a manager with flask staff add.
    """

    def go(all_clinics: StoreWithClinics) -> None:
        picture = read_logo(logo.read_bytes()) if logo else None
        typed: dict[str, Any] = {each: value for each, value in values.items() if value is not None}
        if services:
            typed["services"] = read_services(services)
        _tell(*_created_or_changed(all_clinics, name, typed, picture))

    try:
        in_store(go)
    except OSError as error:
        _refuse(f"{logo} cannot be read ({error.strerror})")


def _tell(made: Clinic, is_new: bool) -> None:
    click.echo(f"{'Made' if is_new else 'Changed'} {made.name}.")
    for each in ("address", "phone", "zone", "region", "page"):
        if value := getattr(made, each):
            click.echo(f"  {each}: {value}")
    for name, several in (("languages", made.languages), ("lists", made.lists)):
        if several:
            click.echo(f"  {name}: {', '.join(several)}")
    for service in made.services:
        click.echo(f"  service: {service.name}, {service.contact} ({', '.join(service.serves)})")
    if is_new:
        click.echo(f'Next: flask staff add --clinic "{made.name}" --name YOU@EXAMPLE.ORG --role manager')


@clinic.command("list")
def list_command() -> None:
    """Every clinic of this installation, how many sign in there, and whether its audit log is whole.

    Ends with status 1 where lines were taken out of a log.
    """
    cut: list[str] = []

    def go(all_clinics: StoreWithClinics) -> None:
        for each in all_clinics.list_clinics():
            click.echo(f"{each.name} ({_signing_in(all_clinics, each)})")
            if not all_clinics.clinic(each.clinic_id).log_is_whole():
                cut.append(each.name)

    in_store(go)
    for name in cut:
        click.echo(f"{name}: lines of its audit log were taken out of the database from outside.", err=True)
    if cut:
        sys.exit(1)


@clinic.command("erase")
@click.argument("name")
@click.option("--sure", is_flag=True, help="Its staff, its list and its audit log are gone for good.")
def erase(name: str, sure: bool) -> None:
    """Erase the clinic NAME with its staff, list, log and key. The plans of its people stay theirs."""
    if not sure:
        _refuse(f"everything of {name} would be gone for good: add --sure")

    def go(all_clinics: StoreWithClinics) -> None:
        all_clinics.erase_clinic(named(all_clinics, name).clinic_id)
        click.echo(f"Erased {name}. Backups of before hold it until they are removed.")

    in_store(go)


def named(all_clinics: StoreWithClinics, name: str | None) -> Clinic:
    """The clinic of this name, or the only one. :raises BadClinic: there is none, or more than one"""
    clinics = all_clinics.list_clinics()
    found = [each for each in clinics if name is None or each.name.casefold() == name.strip().casefold()]
    if len(found) == 1:
        return found[0]
    if not clinics:
        raise BadClinic('there is no clinic yet: make one with flask clinic create --name "Hill Street Clinic"')
    names = ", ".join(each.name for each in clinics)
    raise BadClinic(f'no clinic is called "{name}": use {names}' if name else f"name one by --clinic: {names}")


def _created_or_changed(
    all_clinics: StoreWithClinics, name: str, typed: dict[str, Any], picture: bytes | None
) -> tuple[Clinic, bool]:
    before = next(
        (each for each in all_clinics.list_clinics() if each.name.casefold() == name.strip().casefold()), None
    )
    wanted = checked(before or Clinic(clinic_id="", name=name), {"name": name, **typed})
    if before:
        made = all_clinics.clinic(before.clinic_id).change(lambda found: replace(wanted, clinic_id=found.clinic_id))
    else:
        made = all_clinics.create_clinic(wanted)
    if picture:
        all_clinics.clinic(made.clinic_id).keep_logo(picture)
    return made, before is None


def _signing_in(all_clinics: StoreWithClinics, clinic: Clinic) -> str:
    staff = [each for each in all_clinics.clinic(clinic.clinic_id).list_staff() if not each.is_disabled]
    return f"{len(staff)} who sign in"


def in_store(go: Callable[[StoreWithClinics], object]) -> None:
    """Does it in the store that every page of this process uses too; a fault is one sentence."""
    try:
        try:
            go(store())
        finally:
            close_store()
    except (BadClinic, StorageError, SettingError) as error:
        _refuse(str(error))


def _refuse(message: str) -> None:
    click.echo(f"Nothing was changed: {message}.", err=True)
    sys.exit(2)
