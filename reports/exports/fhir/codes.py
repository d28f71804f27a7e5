"""Code systems and addresses: others' codes where their meaning was seen, else our own, each with its address.

Of others' codes no display is written: theirs is fixed by their publisher, ours stands beside it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from checklists.files.warning_signs import Sign
from reports.words.speech import N_

Json = dict[str, Any]

BASE = "https://firm-footing.example/fhir"
"""What our own addresses begin with. They name, and open nothing: ".example" can never belong to anybody else."""
LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
HL7 = "http://terminology.hl7.org/CodeSystem"
EXTENSION = "http://hl7.org/fhir/StructureDefinition"

OWN: Mapping[str, str] = {
    "score": N_("Points"),
    "level": N_("Level"),
    "could-be": N_("Level that is possible"),
    "possible-points": N_("Points that are possible"),
    "overall-level": N_("Level of falls and bones together"),
    "tug": N_("Timed Up and Go"),
    "tandem": N_("Tandem stand"),
    "gait": N_("Gait speed"),
    "chair-stand": N_("30-second chair stand"),
    "chair-used-arms": N_("Arms used in the chair stand"),
    "frailty": N_("Frailty"),
    "bp-lying": N_("Blood pressure lying down"),
    "bp-min1": N_("Blood pressure after 1 minute of standing"),
    "bp-min3": N_("Blood pressure after 3 minutes of standing"),
    "orthostatic": N_("Lying and standing blood pressure"),
    "drop-systolic": N_("Greatest drop of the systolic pressure"),
    "drop-diastolic": N_("Greatest drop of the diastolic pressure"),
    "dizzy-on-standing": N_("Dizzy on standing"),
    "wfg": N_("World Falls Guidelines 2022"),
    "ost": N_("OST"),
    "orai": N_("ORAI"),
    "osiris": N_("OSIRIS"),
    "height-loss": N_("Height loss in cm"),
    "bone-scan-due": N_("Bone density test (DXA) due"),
    "bone-scan-why": N_("Reason for a bone density test"),
    "age": N_("Age"),
    "weight": N_("Weight"),
    "height": N_("Height"),
    "systolic": N_("Systolic pressure"),
    "diastolic": N_("Diastolic pressure"),
    "plan": N_("Action plan"),
}
"""Our own code system of results; the display is English, the text beside it is in the reader's language."""
SEEN: Mapping[str, str] = {
    "tug": "89423-8",
    "osiris": "98136-5",
    "age": "30525-0",
    "weight": "29463-7",
    "height": "8302-2",
    "systolic": "8480-6",
    "diastolic": "8462-4",
}
"""LOINC codes that mean exactly what is ours beside them; docs/interop.md says which were left out, and why."""
FALL_RISK_LEVEL = "73830-2"  # LOINC: the overall finding of a fall risk assessment, by any tool
PRIVATE_SIGN = "someone-to-talk-to"
NONE = "none"


def system(name: str) -> str:
    """The address of one of our code systems."""
    return f"{BASE}/CodeSystem/{name}"


def coding(where: str, code: str, display: str = "") -> Json:
    return {"system": where, "code": code, **({"display": display} if display else {})}


def hl7(where: str, code: str) -> Json:
    """A concept of HL7's own."""
    return {"coding": [coding(f"{HL7}/{where}", code)]}


def own(code: str) -> Json:
    return coding(system("result"), code, OWN[code])


def sign_code(sign: Sign) -> str:
    """A sign by its id; one that paper calls by another name has another code too."""
    return PRIVATE_SIGN if sign.paper_says else sign.id


def number(value: Decimal | int) -> int | float:
    """As JSON writes it; nothing here has more than six digits, so that a float says it as it is."""
    return int(value) if value == int(value) else float(value)


def quantity(value: Decimal | int, unit: str) -> Json:
    return {"value": number(value), "unit": unit.strip("{}"), "system": UCUM, "code": unit}
