"""`./run lock`, `./run audit`, `./run licenses`; and `locked`, which compares locks and inputs for `./run check`.

`audit` ends with 0 when no vulnerability is known, 1 when one is, and 3 when nobody could be asked. The others end with
1 on a fault.
"""

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from dependencies.audit import OSV, audit
from dependencies.licenses import license_faults, license_lines
from dependencies.locked import lock_faults
from dependencies.pins import ASKED_FOR, ROOT


def main() -> int:
    """The exit status."""
    parser = ArgumentParser(prog="./run", description="What the app depends on: versions, faults, licenses.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("lock", help="write the locks anew; what follows goes to uv, such as --upgrade")
    commands.add_parser("locked", help="compare locks and inputs")
    asking = commands.add_parser("audit", help="known vulnerabilities")
    asking.add_argument("--osv", default=OSV, help="where OSV, or a mirror of it, is asked")
    asking.add_argument("--lock", type=Path, default=ROOT / "requirements-dev.txt", help="the lock that is asked about")
    licenses = commands.add_parser("licenses", help="every license")
    licenses.add_argument("--quiet", action="store_true", help="only faults")
    options, others = parser.parse_known_args()
    if options.command == "lock":
        return _lock(others)
    if others:
        parser.error(f"unknown: {' '.join(others)}")
    if options.command == "locked":
        return _say_faults(lock_faults(ROOT), "Type ./run lock, and commit what it writes.")
    if options.command == "audit":
        return audit(options.lock, options.osv, print)
    if not options.quiet:
        print(*license_lines(ROOT), sep="\n")
    return _say_faults(license_faults(ROOT), "Say in dependencies/licenses.yaml what it is, or do without it.")


def _lock(options: list[str]) -> int:
    """For every system and every Python from 3.11; versions that still fit stay, unless --upgrade is said."""
    for lock, asked in ASKED_FOR.items():
        command = ["uv", "pip", "compile", "--quiet", "--no-config", "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--custom-compile-command", "./run lock", asked, "--output-file", lock]
        done = subprocess.run([sys.executable, "-m", *command, *options], cwd=ROOT)
        if done.returncode != 0:
            return 1
    return 0


def _say_faults(faults: Iterable[str], remedy: str) -> int:
    found = list(faults)
    for fault in found:
        print(fault, file=sys.stderr)
    if found:
        print(remedy, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
