"""What the app depends on: locks that agree with what was asked for, known vulnerabilities, and licenses."""

import json
import shutil
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from pathlib import Path
from subprocess import CompletedProcess
from threading import Thread

import pytest

from dependencies.audit import FOUND, NOBODY_ASKED, audit
from dependencies.licenses import license_faults, license_lines
from dependencies.locked import lock_faults
from dependencies.pins import ASKED_FOR, ROOT

HASH = f"--hash=sha256:{'0' * 64}"


@pytest.fixture
def copy(tmp_path) -> Path:
    """The requirement files and what is shipped, to be spoiled."""
    for name in (*ASKED_FOR, *ASKED_FOR.values()):
        shutil.copy(ROOT / name, tmp_path)
    for folder in ("static", "docs", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


# Locks ----------------------------------------------------------------------------------------------------------------


def test_the_locks_agree_with_what_is_asked_for() -> None:
    assert list(lock_faults(ROOT)) == []


SPOILED = {
    "asked for in a newer version": ("requirements.in", "flask==3.1.3", "flask==3.1.4", "asks for 3.1.4"),
    "asked for in any version": ("requirements.in", "flask==3.1.3", "flask>=3", "flask needs one exact version"),
    "asked for and not locked": ("requirements.in", "flask==3.1.3", "flask==3.1.3\nquart==1", "quart is not there"),
    "no longer asked for": ("requirements.in", "segno==", "# segno==", "segno is there for requirements.in"),
    "a tool in a newer version": ("requirements-dev.in", "ruff==", "ruff==9", "ruff is"),
    "another version for tests": ("requirements-dev.txt", "markupsafe==", "markupsafe==9", "lacks markupsafe=="),
    "locked by range": ("requirements.txt", "markupsafe==", "markupsafe>=", "markupsafe has no version and hash"),
}


@pytest.mark.parametrize(("file", "old", "new", "says"), SPOILED.values(), ids=SPOILED)
def test_a_lock_that_disagrees_is_told(copy, file, old, new, says) -> None:
    replace(copy / file, old, new)
    assert any(says in fault for fault in lock_faults(copy)), list(lock_faults(copy))


def test_a_package_without_hash_is_told(copy) -> None:
    lock = copy / "requirements.txt"
    lock.write_text(lock.read_text().replace("annotated-types==", "late==1.0\n    # via flask\nannotated-types=="))
    assert "requirements.txt: late has no version and hash that install would check" in list(lock_faults(copy))


# Known vulnerabilities ------------------------------------------------------------------------------------------------


class FakeOSV(BaseHTTPRequestHandler):
    """Knows one fault, of one version of one package."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        faulty = (asked["package"]["name"], asked["version"]) == ("jinja2", "2.10")
        fault = {"id": "PYSEC-1", "aliases": ["CVE-1"], "summary": "Escapes.", "modified": "2026-01-01T00:00:00Z"}
        answer = json.dumps({"vulns": [fault | {"affected": []}]} if faulty else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def osv() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), FakeOSV)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def test_a_version_known_to_be_vulnerable_is_named_and_others_are_not(tmp_path, osv) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"markupsafe==3.0.3 {HASH}\njinja2==2.10 {HASH}\n")
    said: list[str] = []
    assert audit(lock, osv, said.append) == FOUND
    assert said == ["jinja2 2.10: PYSEC-1, CVE-1 (not mended yet)"]


FINE = json.dumps({"dependencies": [{"name": "flask", "version": "3.1.3", "vulns": []}]})
SKIPPED = json.dumps({"dependencies": [{"name": "flask", "skip_reason": "Dependency not found on PyPI"}]})
ANSWERS = {
    "OSV answers": ([FINE], 0, "says OSV"),
    "only PyPI answers": (["", FINE], 0, "says PyPI"),
    "a mirror that knows nothing": (["", SKIPPED], NOBODY_ASKED, "PyPI: knows nothing about 1 of 1 packages"),
    "nobody answers": (["", ""], NOBODY_ASKED, "OSV: ConnectionError: no network"),
}


@pytest.mark.parametrize(("answers", "status", "says"), ANSWERS.values(), ids=ANSWERS)
def test_no_answer_is_not_the_same_as_no_vulnerability(monkeypatch, answers, status, says) -> None:
    stdout = iter(answers)

    def run(*_: object, **__: object) -> CompletedProcess[str]:
        return CompletedProcess([], 1, next(stdout), "Traceback\nConnectionError: no network\n")

    monkeypatch.setattr("dependencies.audit.subprocess.run", run)
    said: list[str] = []
    assert audit(Path("requirements.txt"), "", said.append) == status
    assert says in "\n".join(said)


# Licenses -------------------------------------------------------------------------------------------------------------


def test_every_license_is_known_and_allowed() -> None:
    assert list(license_faults(ROOT)) == []
    lines = list(license_lines(ROOT))
    assert {line.split()[0] for line in lines} == {"shipped", "app", "tests", "system"}
    assert not [line for line in lines if line.endswith("unknown")]


@pytest.fixture
def says(monkeypatch) -> Message:
    """What flask says of itself, instead of what it says."""
    flask = Message()
    real = metadata.metadata
    monkeypatch.setattr(metadata, "metadata", lambda name: flask if name == "flask" else real(name))
    return flask


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("License-Expression", "GPL-3.0-or-later", "GPL-3.0-or-later is not allowed in the app"),
        ("License-Expression", "MIT AND AGPL-3.0-only", "MIT AND AGPL-3.0-only is not allowed in the app"),
        ("License", "ask my lawyer", "does not say its license in a known word"),
        ("Classifier", "License :: OSI Approved :: GNU Affero General Public License v3", "in a known word"),
        ("License-Expression", "GPL-2.0-only OR MIT", ""),
        ("Classifier", "License :: OSI Approved :: MIT License", ""),
    ],
)
def test_a_license_that_is_unknown_or_not_allowed_is_told(says, field, value, wrong) -> None:
    says[field] = value
    faults = list(license_faults(ROOT))
    assert (len(faults) == 1 and faults[0].endswith(wrong)) if wrong else faults == []


def test_a_package_that_says_nothing_is_told(copy) -> None:
    for lock in ASKED_FOR:
        (copy / lock).write_text((copy / lock).read_text() + f"nobody-made-this==1.0 {HASH}\n    # via flask\n")
    assert list(license_faults(copy)) == ["nobody-made-this 1.0: does not say its license in a known word"]


def test_what_some_systems_leave_out_is_listed_by_hand(copy) -> None:
    for lock in ASKED_FOR:
        replace(copy / lock, "flask==3.1.3", "flask==3.1.3 ; python_version < '3.12'")
    assert list(license_faults(copy)) == ["flask: is left out on some systems, so its license must be listed"]


def test_a_file_that_nobody_listed_is_told(copy) -> None:
    (copy / "static" / "vendored.min.js").write_text("")
    (copy / "static" / "fonts" / "another.woff2").write_text("")
    assert list(license_faults(copy)) == [
        "static/fonts/another.woff2: nobody said whose it is",
        "static/vendored.min.js: nobody said whose it is",
    ]


def test_a_license_lies_beside_what_it_is_for(copy) -> None:
    for text in copy.glob("static/fonts/*/OFL.txt"):
        text.unlink()
    (fault,) = license_faults(copy)
    assert fault.endswith("its license must lie beside it")
