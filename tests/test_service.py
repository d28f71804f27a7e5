"""docs/firm-footing.service: what systemd says of it, and its own line started and stopped as systemd would."""

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections import defaultdict
from http.client import HTTPConnection
from pathlib import Path

import pytest

from commands.server_processes import STOP_SECONDS
from tests.web_server import ROOT, free_port

UNIT = ROOT / "docs" / "firm-footing.service"
INSTALLED = "/srv/firm-footing"
WORDS = {
    "Description", "After", "Wants", "User", "WorkingDirectory", "EnvironmentFile", "Environment", "ExecStart", "Restart",
    "RestartSec", "KillMode", "TimeoutStopSec", "LimitNOFILE", "UMask", "NoNewPrivileges", "PrivateTmp", "ProtectSystem",
    "ProtectHome", "WantedBy",
}  # fmt: skip


def lines_of(text: str) -> dict[str, list[str]]:
    """What each word of the unit says."""
    found = defaultdict(list)
    for line in text.splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found[name].append(value)
    return found


@pytest.fixture
def here() -> str:
    """The unit, for where this copy lies."""
    return UNIT.read_text().replace(INSTALLED, str(ROOT))


def faults_in(text: str, folder: Path) -> list[str]:
    """What systemd says of it; on a machine without it, the words that it had not met before."""
    if not shutil.which("systemd-analyze"):
        return sorted(lines_of(text).keys() - WORDS)
    unit = folder / UNIT.name
    unit.write_text(text.replace("User=firm-footing", "User=root"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
    return [each for each in done.stderr.splitlines() if UNIT.name in each]


def test_systemd_has_nothing_to_say_of_it(here: str, tmp_path: Path) -> None:
    assert faults_in(here, tmp_path) == []
    assert lines_of(here).keys() == WORDS


def test_a_word_that_systemd_does_not_know_would_be_seen(here: str, tmp_path: Path) -> None:
    assert faults_in(here.replace("RestartSec=", "RestartSeconds="), tmp_path)


def test_its_own_line_starts_the_app_which_ends_in_time_when_it_is_told(here: str, tmp_path: Path) -> None:
    says, port = lines_of(here), free_port()
    (command,), environment = says["ExecStart"], [each for line in says["Environment"] for each in shlex.split(line)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FIRM_FOOTING_")}
    settings = {**dict(each.split("=", 1) for each in environment), "FIRM_FOOTING_DATA": str(tmp_path)}
    assert settings.keys() >= {"FIRM_FOOTING_PROXIES", "FIRM_FOOTING_LOG"}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*shlex.split(command), "--port", str(port)],
            cwd=says["WorkingDirectory"][0],
            env={**kept, **settings, "FIRM_FOOTING_KEYS": str(tmp_path)},
            stdout=log,
            stderr=log,
            umask=int(says["UMask"][0], 8),
        )
        try:
            assert answers(port, process), (tmp_path / "log").read_text()
        finally:
            process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert process.wait(int(says["TimeoutStopSec"][0])) == 0
    assert int(says["TimeoutStopSec"][0]) > 2 * STOP_SECONDS
    assert time.monotonic() - began < STOP_SECONDS
    assert '"event": "request"' in (tmp_path / "log").read_text()


def answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().read() == b"yes\n"
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    return False
