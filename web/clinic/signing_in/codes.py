"""The second step: six digits of an authenticator, each once, or a recovery code, each once."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import replace

from checklists.people.plain_text import plain
from storage.clinics.model import Staff
from storage.rows.codes import ALPHABET

STEP_SECONDS = 30
DRIFT = 1
"""So many steps may a phone's clock be before or behind."""
RECOVERY_CODES = 8
_RECOVERY_PLACES = 10
_ISSUER = "Firm Footing"


class WrongCode(Exception):
    """It is none of these, or was used before."""


def new_secret() -> str:
    """What an authenticator and we know."""
    import pyotp  # 15 ms, which no other page or command has to wait for

    return pyotp.random_base32()


def address_of(secret: str, staff: Staff, clinic: str) -> str:
    """What the square for an authenticator says."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=staff.name, issuer_name=f"{_ISSUER}, {clinic}")


def new_recovery_codes() -> tuple[str, ...]:
    """Codes to write down, for the day without the phone."""
    return tuple("".join(secrets.choice(ALPHABET) for _ in range(_RECOVERY_PLACES)) for _ in range(RECOVERY_CODES))


def hash_of(code: str) -> str:
    """What is kept, sealed, of a code that opens once."""
    return hashlib.sha256(code.encode()).hexdigest()


def using(typed: str, now: int) -> Callable[[Staff], Staff]:
    """The change by which a code is used up, read and written in one transaction. It raises WrongCode."""
    code = "".join(each for each in plain(typed).upper() if each.isalnum())

    def use(staff: Staff) -> Staff:
        if step := matching_step(staff.totp, code, now, after=staff.last_step):
            return replace(staff, last_step=step)
        if hash_of(code) in staff.recovery:
            return replace(staff, recovery=tuple(each for each in staff.recovery if each != hash_of(code)))
        raise WrongCode

    return use


def matching_step(secret: str, code: str, now: int, after: int = 0) -> int | None:
    """The step of which these are the six digits, if it was not used."""
    if not secret or len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    import pyotp

    step = now // STEP_SECONDS
    steps = (each for each in range(step - DRIFT, step + DRIFT + 1) if each > after)
    return next((each for each in steps if hmac.compare_digest(pyotp.HOTP(secret).at(each), code)), None)
