"""Known vulnerabilities of every locked package, asked of OSV, or else of PyPI.

Neither may be reachable, and PyPI's mirrors often carry packages without what is known about them: then nothing is
known, which is said, and never counts as "none".
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOUND, NOBODY_ASKED = 1, 3
OSV = "https://api.osv.dev/v1/query"
SECONDS = "10"  # for each question; there is one a package, so the first unanswered one ends it


def audit(lock: Path, osv: str, say: Callable[[str], None]) -> int:
    """The exit status: 0 no known vulnerability, 1 some, 3 nobody could be asked about all of them."""
    sources = {"OSV": ["osv", "--osv-url", osv], "PyPI": ["pypi"]}
    for source, options in sources.items():
        packages, reason = _ask(lock, options)
        unknown = [each for each in packages if "skip_reason" in each]
        known = [each for each in packages if "skip_reason" not in each]
        found = [f"{each['name']} {each['version']}: {_named(each)}" for each in known if each["vulns"]]
        for line in found:
            say(line)
        if found:
            return FOUND
        if known and not unknown:
            say(f"No known vulnerability in {len(known)} packages of {lock.name}, says {source}.")
            return 0
        say(f"{source}: {reason or f'knows nothing about {len(unknown)} of {len(packages)} packages'}")
    say(f"Nobody could say what is known about the packages of {lock.name}. Try again with a network that reaches OSV.")
    return NOBODY_ASKED


def _ask(lock: Path, options: list[str]) -> tuple[list[dict[str, Any]], str]:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--disable-pip", "--format", "json"]
    command += ["--progress-spinner", "off", "--timeout", SECONDS, "--vulnerability-service", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except ValueError:
        return [], (done.stderr.strip().splitlines() or ["no answer"])[-1]
    return packages, ""


def _named(package: dict[str, Any]) -> str:
    def mended(fault: dict[str, Any]) -> str:
        return f"mended in {', '.join(fault['fix_versions'])}" if fault["fix_versions"] else "not mended yet"

    return "; ".join(f"{', '.join([each['id'], *each['aliases']])} ({mended(each)})" for each in package["vulns"])
