"""What `flask` can be told to do, one module a subject; `register` adds all of it to an app."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds every command to the app."""
    from commands.backup import backup, rekey, restore
    from commands.clinics.clinic import clinic
    from commands.clinics.staff import staff
    from commands.definitions import checklists, languages
    from commands.keys import keys
    from commands.people.assess import assess_command
    from commands.people.batch import batch_command
    from commands.people.fhir import fhir_command
    from commands.people.import_answers import import_command
    from commands.people.plan import plan_command
    from commands.people.template import people
    from commands.print_jobs import print_command
    from commands.purge import purge
    from commands.serve import serve
    from commands.store import store_group
    from commands.streams import ending_well

    people.add_command(import_command)
    of_people = (assess_command, plan_command, batch_command, fhir_command, people)
    of_store = (purge, backup, restore, rekey, keys, store_group)
    for command in (*of_people, clinic, staff, checklists, languages, serve, print_command, *of_store):
        app.cli.add_command(ending_well(command))
