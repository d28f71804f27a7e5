"""What the environment decides: region, folders, hosts, and the definitions they all share."""

import os
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from flask import g, has_request_context

from checklists import Definitions, load_definitions
from checklists.files.regions import Region
from checklists.loading.load import DEFINITIONS
from web.core.page_checks import page_faults

ROOT = Path(__file__).parent.parent.parent


LEAST_TOKEN = 20
LogLines = Literal["plain", "json"]
_EVERYBODYS = re.compile(r"/(common|organizations|consumers)(/|$)")


class SettingError(ValueError):
    """A setting that cannot be followed; the message says which, and what may stand there."""


@cache
def definitions() -> Definitions:
    """The app's definitions in all their languages, read once. :raises DefinitionError: with every fault"""
    return load_definitions(_definitions_folder(), also=page_faults)


@cache
def rules() -> Definitions:
    """The same in the language they are written in: enough to judge by, and quicker to read."""
    return load_definitions(_definitions_folder(), translations=False)


def _definitions_folder() -> Path:
    return Path(os.environ.get("FIRM_FOOTING_DEFINITIONS", DEFINITIONS))


def region() -> Region:
    """The region whose numbers are shown: of the clinic that this page is for, or of the installation.

    :raises SettingError: unknown region
    """
    regions = definitions().regions.by_id
    if has_request_context() and (clinics := regions.get(g.get("region", ""))):
        return clinics
    chosen = os.environ.get("FIRM_FOOTING_REGION", "us")
    if chosen not in regions:
        raise SettingError(f'FIRM_FOOTING_REGION is "{chosen}"; write one of {", ".join(regions)}')
    return regions[chosen]


def zone() -> ZoneInfo | None:
    """The zone whose day counts where no browser tells its own; None for this one. :raises SettingError: unknown"""
    chosen = os.environ.get("FIRM_FOOTING_ZONE", "")
    try:
        return ZoneInfo(chosen) if chosen else None
    except (KeyError, ValueError, OSError):
        raise SettingError(f'FIRM_FOOTING_ZONE is "{chosen}"; write one like America/Los_Angeles') from None


def clinic_today() -> date:
    """The day of the clinic, where nobody looks at a page. :raises SettingError: its zone is unknown"""
    return datetime.now(zone()).date()


def database() -> str | None:
    """The address of a PostgreSQL database; None for the file in the data folder. :raises SettingError: another kind"""
    address = os.environ.get("FIRM_FOOTING_DATABASE", "")
    if address and not address.startswith(("postgresql://", "postgres://")):
        raise SettingError("FIRM_FOOTING_DATABASE is no address; write postgresql://user:password@host/name")
    return address or None


@dataclass(frozen=True, kw_only=True)
class SingleSignOn:
    """Where an organization's staff sign in by OpenID Connect; `tenant` is whom its provider must name."""

    issuer: str
    client: str
    secret: str
    tenant: str


def single_sign_on() -> SingleSignOn | None:
    """None where nobody set it up. :raises SettingError: a half of it, or a provider that lets everybody in"""
    issuer = os.environ.get("FIRM_FOOTING_OIDC_ISSUER", "").strip().rstrip("/")
    client = os.environ.get("FIRM_FOOTING_OIDC_CLIENT", "").strip()
    secret = os.environ.get("FIRM_FOOTING_OIDC_SECRET", "").strip()
    tenant = os.environ.get("FIRM_FOOTING_OIDC_TENANT", "").strip()
    if not (issuer or client or secret or tenant):
        return None
    if not (issuer and client and secret):
        raise SettingError("FIRM_FOOTING_OIDC_ISSUER, _CLIENT and _SECRET belong together; set all three, or none")
    if _EVERYBODYS.search(issuer) or ("accounts.google.com" in issuer and not tenant):
        way = "name your own tenant in it, or at Google your domain as FIRM_FOOTING_OIDC_TENANT"
        raise SettingError(f"FIRM_FOOTING_OIDC_ISSUER lets everybody in; {way}")
    return SingleSignOn(issuer=issuer, client=client, secret=secret, tenant=tenant)


def data_folder() -> Path:
    """Where the database lies, unless it is PostgreSQL."""
    return Path(os.environ.get("FIRM_FOOTING_DATA", ROOT / "instance"))


def key_folder() -> Path:
    """Where the key lies; never in a backup."""
    return Path(os.environ.get("FIRM_FOOTING_KEYS", ROOT / "instance"))


def trusted_hosts() -> list[str]:
    """The names under which the app answers, besides this machine's own."""
    named = os.environ.get("FIRM_FOOTING_HOSTS", "")
    return ["127.0.0.1", "localhost", *(host.strip() for host in named.split(",") if host.strip())]


def trusted_proxies() -> list[IPv4Address | IPv6Address]:
    """The addresses of the web servers in front whose headers are believed. :raises SettingError: no address"""
    named = os.environ.get("FIRM_FOOTING_PROXIES", "")
    try:
        return [ip_address(each.strip()) for each in named.split(",") if each.strip()]
    except ValueError:
        what = "the address from which the web server in front reaches the app, like 127.0.0.1"
        raise SettingError(f'FIRM_FOOTING_PROXIES is "{named}"; write {what}, several with commas') from None


def metrics_token() -> str:
    """What whoever reads the figures names; empty where nobody may. :raises SettingError: it could be guessed"""
    token = os.environ.get("FIRM_FOOTING_METRICS", "").strip()
    if token and (len(token) < LEAST_TOKEN or not token.isascii() or " " in token):
        raise SettingError(f"FIRM_FOOTING_METRICS is no token; write {LEAST_TOKEN} letters and digits or more")
    return token


def log_lines() -> LogLines:
    """How the log is written. :raises SettingError: a form that nobody knows"""
    chosen = os.environ.get("FIRM_FOOTING_LOG", "plain")
    if chosen not in ("plain", "json"):
        raise SettingError(f'FIRM_FOOTING_LOG is "{chosen}"; write plain or json')
    return "json" if chosen == "json" else "plain"
