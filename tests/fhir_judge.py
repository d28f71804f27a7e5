"""Medplum's validator and HL7's JSON Schema as independent judges of FHIR R4: one Node.js process for any number."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

from tests.processes import NEVER_SECONDS

JUDGES = Path(os.environ["FIRM_FOOTING_JUDGES"])


def judge(bundles: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The faults of each bundle. Fails loudly where the judges themselves cannot run."""
    node, _ = compute_driver_executable()
    command = [str(node), str(Path(__file__).with_suffix(".mjs")), str(JUDGES / "package.json")]
    done = subprocess.run(
        command, input=json.dumps(bundles), capture_output=True, text=True, timeout=NEVER_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[list[str]] = json.loads(done.stdout)
    return found
